#include "cameras/scene/traced_view.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>

#include "cameras/scene/led_panel.h"
#include "optics/sensor_mount.h"

namespace nearfar::rig {
namespace {

std::array<std::uint8_t, 12> led_bytes(std::uint32_t shot_id, std::uint64_t start_tick) {
  const LedBits bits = led_bits_of(shot_id, start_tick);
  std::array<std::uint8_t, 12> bytes{};
  for (std::size_t i = 0; i < bits.size(); ++i)
    if (bits[i]) bytes[i / 8] = static_cast<std::uint8_t>(bytes[i / 8] | 1u << i % 8);
  return bytes;
}

}  // namespace

TracedView::TracedView(Renderer& renderer, const Options& options)
    : renderer_(renderer),
      options_(options),
      sensor_(options.sensor, options.sensor_width, options.sensor_height, options.seed) {}

double TracedView::row_time_us() const { return renderer_.options().optics.camera(options_.arm).row_time_us; }

std::vector<std::uint16_t> TracedView::expose(const World& world, const TracedExposure& exposure,
                                              const std::function<bool()>& cancelled) const {
  const Region region = cut_to_sensor(exposure.region, options_.sensor_width, options_.sensor_height);
  const Renderer::Options& rendered = renderer_.options();
  const SensorMount mount(rendered.optics.camera(options_.arm), rendered.width_px, rendered.height_px);
  const auto upright_of = [&](int x, int y) {
    const Vec2 upright = mount.upright_of_raw({static_cast<double>(x), static_cast<double>(y)});
    return std::array{static_cast<int>(upright.x), static_cast<int>(upright.y)};
  };
  const auto [ax, ay] = upright_of(region.x, region.y);
  const auto [bx, by] = upright_of(region.x + region.width - 1, region.y + region.height - 1);
  const Window window{std::min(ax, bx), std::min(ay, by), std::abs(ax - bx) + 1, std::abs(ay - by) + 1};

  FrameRequest request;
  request.arm = options_.arm;
  request.times = exposure.times;
  // The renderer counts from the sensor's first row, a camera reads only the rows of its region.
  const auto delay_us = [&](int x, int y) {
    return mount.row_delay_us({static_cast<double>(x), static_cast<double>(y)});
  };
  request.times.start_s -= 1e-6 * std::min(delay_us(ax, ay), delay_us(bx, by));
  request.sampling = exposure.bayer ? Sampling::bayer_rg : Sampling::mono;
  request.window = window;
  // Without noise a picture is a reference, the same every time.
  request.sampling_seed = world.noise ? exposure.noise_seed : 0;
  request.led_bits = led_bytes(exposure.shot_id, exposure.start_tick);
  request.cancelled = cancelled;
  const SignalImage upright = renderer_.render(*renderer_.stage(world), request);
  if (upright.values.empty()) return {};

  std::vector<float> raw(upright.values.size());
  float* out = raw.data();
  for (int y = 0; y < region.height; ++y) {
    for (int x = 0; x < region.width; ++x) {
      const auto [at_x, at_y] = upright_of(region.x + x, region.y + y);
      *out++ = upright.values[static_cast<std::size_t>(at_y - window.y) * static_cast<std::size_t>(window.width) +
                              static_cast<std::size_t>(at_x - window.x)];
    }
  }
  return sensor_.read_out({raw, region.width, region.height, region.x, region.y}, exposure.gain_db, world.noise,
                          exposure.noise_seed);
}

}  // namespace nearfar::rig
