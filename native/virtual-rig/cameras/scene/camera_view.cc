#include "cameras/scene/camera_view.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "cameras/scene/image_level.h"
#include "cameras/scene/led_panel.h"
#include "cameras/scene/random.h"

namespace nearfar::rig {
namespace {

/// Any number will do: the noise of two frames differs by their own seeds.
constexpr std::uint64_t kNoiseTableSeed = 20;

PlaneChannel channel_at(int x, int y) {
  if (x % 2 == 0 && y % 2 == 0) return PlaneChannel::red;
  return x % 2 == 1 && y % 2 == 1 ? PlaneChannel::blue : PlaneChannel::green;
}

std::size_t index_of(int x, int y, int width) {
  return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
}

}  // namespace

CameraView::CameraView(std::shared_ptr<const PlaneTexture> texture, const SensorSpec& sensor, bool mirrored)
    : texture_(std::move(texture)), sensor_(sensor), mirrored_(mirrored), noise_(kNoiseTableSeed) {}

std::vector<std::uint16_t> CameraView::build_raw_texture(bool bayer) const {
  const PlaneTexture& texture = *texture_;
  std::vector<std::uint16_t> raw(texture.levels.size());
  std::vector<double> red_ratio(static_cast<std::size_t>(texture.width));
  for (int x = 0; x < texture.width; x++) {
    red_ratio[static_cast<std::size_t>(x)] = color_ratio(PlaneChannel::red, (x + 0.5) / texture.width, 0);
  }
  for (int y = 0; y < texture.height; y++) {
    const double blue_ratio = color_ratio(PlaneChannel::blue, 0, (y + 0.5) / texture.height);
    for (int x = 0; x < texture.width; x++) {
      const int scene_x = mirrored_ ? texture.width - 1 - x : x;
      const std::uint16_t level = texture.levels[index_of(scene_x, y, texture.width)];
      const PlaneChannel channel = bayer ? channel_at(x, y) : PlaneChannel::green;
      double ratio = 1;
      if (channel == PlaneChannel::red) ratio = red_ratio[static_cast<std::size_t>(scene_x)];
      if (channel == PlaneChannel::blue) ratio = blue_ratio;
      raw[index_of(x, y, texture.width)] = static_cast<std::uint16_t>(std::min<double>(level * ratio + 0.5, kMaxLevel));
    }
  }
  return raw;
}

const std::vector<std::uint16_t>& CameraView::raw_texture(bool bayer) {
  std::vector<std::uint16_t>& raw = bayer ? bayer_ : mono_;
  if (raw.empty()) raw = build_raw_texture(bayer);
  return raw;
}

void CameraView::render_samples(const Exposure& exposure, const Region& region, std::vector<std::uint16_t>& samples) {
  const double factor = exposure_factor(exposure.exposure_us, exposure.gain_db, exposure.brightness);
  const SensorResponse response(sensor_, factor, exposure.gain_db);
  const std::vector<std::uint16_t>& texture = raw_texture(exposure.format->bayer);
  std::uint16_t* out = samples.data();
  for (int y = 0; y < region.height; y++) {
    const float* noise = noise_.row(mix_seed({exposure.noise_seed, static_cast<std::uint64_t>(y)}), region.width);
    const std::uint16_t* level = texture.data() + index_of(region.x, region.y + y, sensor_.width);
    for (int x = 0; x < region.width; x++) *out++ = response.sample(level[x], noise[x]);
  }
}

void CameraView::overlay_panel(const Exposure& exposure, const Region& region,
                              std::vector<std::uint16_t>& samples) const {
  const LedPanelImage panel =
      draw_led_panel(led_bits_of(exposure.shot_id, exposure.start_tick), sensor_.width, sensor_.height);
  const SensorResponse response(sensor_, exposure_factor(exposure.exposure_us, exposure.gain_db, 1), exposure.gain_db);
  const int bottom = std::min(panel.top + panel.height, region.y + region.height);
  for (int y = std::max(panel.top, region.y); y < bottom; y++) {
    const float* noise = noise_.row(mix_seed({exposure.noise_seed, static_cast<std::uint64_t>(y), 1}), panel.width);
    for (int x = 0; x < panel.width; x++) {
      const int view_x = panel.left + x;
      const int raw_x = (mirrored_ ? sensor_.width - 1 - view_x : view_x) - region.x;
      if (raw_x < 0 || raw_x >= region.width) continue;
      const std::uint16_t level = panel.levels[index_of(x, y - panel.top, panel.width)];
      samples[index_of(raw_x, y - region.y, region.width)] = response.sample(level, noise[x]);
    }
  }
}

std::vector<std::uint8_t> CameraView::render(const Exposure& exposure) {
  const Region region = cut_to_sensor(exposure.region, sensor_.width, sensor_.height);
  std::vector<std::uint16_t> samples(static_cast<std::size_t>(region.width) * static_cast<std::size_t>(region.height));
  render_samples(exposure, region, samples);
  overlay_panel(exposure, region, samples);
  return payload_of(*exposure.format, sensor_.bit_depth, samples);
}

}  // namespace nearfar::rig
