#include "render/frame.h"

#include <algorithm>

#include "render/frame_plan.h"
#include "render/ray_row.h"
#include "render/run_response.h"

namespace nearfar::rig {
namespace {

using PathKind = std::optional<PathRay> PixelPaths::*;

/// Traces a frame run by run; holds the scratch space, so that nothing is allocated on the way.
class FrameTracer {
 public:
  explicit FrameTracer(const FramePlan& plan)
      : plan_(plan), table_(plan.view.table()), image_{plan.window.width, plan.window.height, plan.channels, {}} {
    image_.values.resize(static_cast<std::size_t>(image_.width) * static_cast<std::size_t>(image_.height) *
                         static_cast<std::size_t>(image_.channels));
    if (plan.lit) {
      shader_.emplace(*plan.lit->shape, plan.lit->lights, *plan.studio_in_object, plan.materials);
    }
  }

  SignalImage run();

 private:
  using PixelChannels = std::array<ChannelResponse, 3>;

  void trace_tile(int column, int row);
  void trace_run(const Tile& tile, const PixelRun& run);
  void trace_paths(const Tile& tile, const PixelRun& run, PathKind kind, const LightPass& pass);
  void find_lights(const PixelRun& run, const LightPass& pass);
  void find_paths(const TilePaths& paths, const Tile& tile, PathKind kind, const PixelRun& run);
  void find_responses(const PixelRun& run, float scale, const LightPass& pass);
  const Spectrum& sensitivity(Light light, int channel, int x, int y) const;
  void enter_object(const PixelRun& run, const LightPass& pass);
  void trace_packets(const PixelRun& run);
  void trace_packet(std::size_t first);
  void add_sample(std::size_t lane, float radiance);
  void add_sample(std::size_t lane, const Seen& seen);
  void add_veil(const Tile& tile, const PixelRun& run, const LightPass& pass);
  float* pixel(const PixelRun& run, int lane);
  PixelPaths exact_paths(int x, int y) const {
    return table_.optics().paths({static_cast<double>(x), static_cast<double>(y)}, {});
  }

  const FramePlan& plan_;
  const RayTable& table_;
  SignalImage image_;
  std::optional<Shader> shader_;

  RayRow rays_;
  Lanes<Spectrum> weights_;
  Lanes<PixelChannels> responses_;
  Lanes<Analyser> analysers_{};
  Lanes<Collected> continuous_;
  Lanes<Collected> strobe_;
  std::array<std::array<float, 3>, kRowRays> sums_;
};

SignalImage FrameTracer::run() {
  const Window& w = plan_.window;
  for (int row = 0; row < table_.tile_rows(); ++row) {
    if (table_.first_y(row + 1) <= w.y || table_.first_y(row) >= w.y + w.height) continue;
    for (int column = 0; column < table_.tile_columns(); ++column) {
      if (table_.first_x(column + 1) <= w.x || table_.first_x(column) >= w.x + w.width) continue;
      if (plan_.request.cancelled && plan_.request.cancelled()) return {};
      trace_tile(column, row);
    }
  }
  return std::move(image_);
}

void FrameTracer::trace_tile(int column, int row) {
  const Window& w = plan_.window;
  const int left = std::max(w.x, table_.first_x(column)), right = std::min(w.x + w.width, table_.first_x(column + 1));
  const int top = std::max(w.y, table_.first_y(row)), bottom = std::min(w.y + w.height, table_.first_y(row + 1));
  for (int y = top; y < bottom; ++y) trace_run(table_.tile(column, row), {left, y, right - left});
}

float* FrameTracer::pixel(const PixelRun& run, int lane) {
  const auto at = static_cast<std::size_t>(run.y - plan_.window.y) * static_cast<std::size_t>(image_.width) +
                  static_cast<std::size_t>(run.x - plan_.window.x + lane);
  return &image_.values[at * static_cast<std::size_t>(image_.channels)];
}

void FrameTracer::trace_run(const Tile& tile, const PixelRun& run) {
  for (auto& sum : sums_) sum.fill(0);
  for (const LightPass& pass : plan_.passes) {
    find_lights(run, pass);
    trace_paths(tile, run, &PixelPaths::main, pass);
    trace_paths(tile, run, &PixelPaths::ghost, pass);
    if (plan_.stage.world().light.veil > 0) add_veil(tile, run, pass);
  }
  for (int i = 0; i < run.count; ++i)
    for (int c = 0; c < image_.channels; ++c)
      pixel(run, i)[c] = sums_[static_cast<std::size_t>(i)][static_cast<std::size_t>(c)];
}

void FrameTracer::find_lights(const PixelRun& run, const LightPass& pass) {
  for (int i = 0; i < run.count; ++i) {
    const auto k = static_cast<std::size_t>(i);
    continuous_[k] = pass.continuous ? plan_.shutter.continuous(run.x + i, run.y) : Collected{};
    strobe_[k] = pass.strobe ? plan_.shutter.strobe(run.x + i, run.y) : Collected{};
  }
}

const Spectrum& FrameTracer::sensitivity(Light light, int channel, int x, int y) const {
  const ArmResponse& response = plan_.view.response();
  if (plan_.request.sampling == Sampling::mono) return response.mono(light);
  if (plan_.request.sampling == Sampling::rgb) return response.color(light, static_cast<Channel>(channel));
  // Rows of red and green alternate with rows of green and blue; the mosaic begins with red.
  const RawPixel raw = plan_.view.mount().raw_of_upright({static_cast<double>(x), static_cast<double>(y)});
  const int odd_columns_and_rows = (static_cast<int>(raw.x) & 1) + (static_cast<int>(raw.y) & 1);
  return response.color(light, static_cast<Channel>(odd_columns_and_rows));
}

/// Weights and analysers.
void FrameTracer::find_paths(const TilePaths& paths, const Tile& tile, PathKind kind, const PixelRun& run) {
  const SpectrumRow row(paths.weight, tile, run.y);
  const bool analyse = shader_ && plan_.stage.honest();
  for (int i = 0; i < run.count; ++i) {
    const auto k = static_cast<std::size_t>(i);
    weights_[k] = row.at(run.x + i);
    analysers_[k] = analyse ? analyser_at(paths, tile, run.x + i, run.y, plan_.track->fixed()) : Analyser{};
    if (paths.kind != TilePaths::Kind::partial) continue;
    const PixelPaths exact = exact_paths(run.x + i, run.y);
    const auto& path = exact.*kind;
    if (!path) continue;
    weights_[k] = path->weight;
    if (analyse) analysers_[k] = analyser_of(*path, plan_.track->fixed());
  }
}

void FrameTracer::find_responses(const PixelRun& run, float scale, const LightPass& pass) {
  const float emission = pass.continuous ? static_cast<float>(plan_.shutter.emission_amount()) : 0;
  for (int i = 0; i < run.count; ++i) {
    const auto k = static_cast<std::size_t>(i);
    const int x = run.x + i;
    const Spectrum weight_here = weights_[k] * scale;
    for (int c = 0; c < image_.channels; ++c) {
      ChannelResponse& to = responses_[k][static_cast<std::size_t>(c)];
      const Spectrum& continuous = sensitivity(Light::continuous, c, x, run.y);
      const Spectrum& strobe = sensitivity(Light::strobe, c, x, run.y);
      const auto amount = static_cast<float>(continuous_[k].amount), flash = static_cast<float>(strobe_[k].amount);
      to.light = weight_here * (continuous * amount + strobe * flash);
      to.emission = weight_here * (continuous * emission);
      to.light_sum = band_sum(to.light);
    }
  }
}

void FrameTracer::trace_paths(const Tile& tile, const PixelRun& run, PathKind kind, const LightPass& pass) {
  const bool ghost = kind == &PixelPaths::ghost;
  const TilePaths& paths = ghost ? tile.ghost : tile.main;
  if (paths.kind == TilePaths::Kind::none) return;
  const SampleSet& samples = ghost ? plan_.ghost_samples : plan_.samples;
  find_paths(paths, tile, kind, run);
  find_responses(run, 1 / static_cast<float>(samples.count()), pass);
  const RunShifts shifts(run, mixed(plan_.sampling_seed ^ (ghost ? 0x6057U : 0x3A17U)));
  for (int s = 0; s < samples.count(); ++s) {
    rays_.aim(table_, tile, kind, run, shifts, samples[s]);
    if (shader_) {
      enter_object(run, pass);
      trace_packets(run);
    } else {
      for (std::size_t i = 0; i < static_cast<std::size_t>(run.count); ++i)
        if (rays_.alive[i])
          add_sample(i, plan_.background.radiance(
                            {rays_.slope[0][i], rays_.slope[1][i], rays_.slope[2][i], rays_.slope[3][i]}));
    }
  }
}

void FrameTracer::enter_object(const PixelRun& run, const LightPass& pass) {
  if (!plan_.track->moving()) {
    rays_.enter(plan_.track->fixed(), plan_.start_dz);
    return;
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(run.count); ++i) {
    const Collected& light = pass.continuous ? continuous_[i] : strobe_[i];
    if (light.amount == 0 && !pass.continuous) rays_.alive[i] = false;
    const double time_s = light.when.start_s + static_cast<double>(rays_.time[i]) * light.when.length_s();
    rays_.enter(plan_.track->at(time_s), plan_.start_dz, i);
  }
}

void FrameTracer::trace_packets(const PixelRun& run) {
  for (int first = 0; first < run.count; first += kPacket) trace_packet(static_cast<std::size_t>(first));
}

void FrameTracer::trace_packet(std::size_t first) {
  RTCRayHit8 packet;
  alignas(32) int valid[kPacket];
  for (std::size_t i = 0; i < kPacket; ++i) {
    const std::size_t lane = first + i;
    valid[i] = rays_.alive[lane] ? -1 : 0;
    packet.ray.org_x[i] = rays_.origin[0][lane];
    packet.ray.org_y[i] = rays_.origin[1][lane];
    packet.ray.org_z[i] = rays_.origin[2][lane];
    packet.ray.dir_x[i] = rays_.way[0][lane];
    packet.ray.dir_y[i] = rays_.way[1][lane];
    packet.ray.dir_z[i] = rays_.way[2][lane];
    packet.ray.tnear[i] = 0;
    packet.ray.tfar[i] = 1e6F;
    packet.ray.time[i] = 0;
    packet.ray.mask[i] = 0xFFFFFFFFU;
    packet.ray.id[i] = 0;
    packet.ray.flags[i] = 0;
    packet.hit.geomID[i] = RTC_INVALID_GEOMETRY_ID;
    packet.hit.instID[0][i] = RTC_INVALID_GEOMETRY_ID;
  }
  intersect_packet(plan_.lit->shape->scene(), valid, packet);
  Seen seen;
  for (std::size_t i = 0; i < kPacket; ++i) {
    const std::size_t lane = first + i;
    if (!rays_.alive[lane]) continue;
    if (packet.hit.geomID[i] == RTC_INVALID_GEOMETRY_ID) {
      add_sample(lane, plan_.background.radiance({rays_.slope[0][lane], rays_.slope[1][lane], rays_.slope[2][lane],
                                                  rays_.slope[3][lane]}));
      continue;
    }
    shader_->shade(packet.hit.primID[i], packet.hit.u[i], packet.hit.v[i],
                   {rays_.way[0][lane], rays_.way[1][lane], rays_.way[2][lane]}, analysers_[lane], seen);
    add_sample(lane, seen);
  }
}

void FrameTracer::add_sample(std::size_t lane, float radiance) {
  for (std::size_t c = 0; c < static_cast<std::size_t>(image_.channels); ++c)
    sums_[lane][c] += radiance * responses_[lane][c].light_sum;
}

void FrameTracer::add_sample(std::size_t lane, const Seen& seen) {
  for (std::size_t c = 0; c < static_cast<std::size_t>(image_.channels); ++c)
    sums_[lane][c] += responses_[lane][c].of(seen);
}

void FrameTracer::add_veil(const Tile& tile, const PixelRun& run, const LightPass& pass) {
  if (tile.main.kind == TilePaths::Kind::none) return;
  const bool whole = tile.main.kind == TilePaths::Kind::whole;
  const SpectrumRow row(tile.trap, tile, run.y);
  for (int i = 0; i < run.count; ++i)
    weights_[static_cast<std::size_t>(i)] = whole ? row.at(run.x + i) : exact_paths(run.x + i, run.y).trap_weight;
  find_responses(run, static_cast<float>(plan_.stage.world().light.veil), pass);
  for (std::size_t i = 0; i < static_cast<std::size_t>(run.count); ++i) add_sample(i, 1.0F);
}

}  // namespace

SignalImage render_frame(const Stage& stage, const FrameRequest& request) {
  const FramePlan plan(stage, request);
  if (stage.world().kind == SceneKind::dark) {
    SignalImage dark{plan.window.width, plan.window.height, plan.channels, {}};
    dark.values.resize(static_cast<std::size_t>(dark.width * dark.height * dark.channels));
    return dark;
  }
  return FrameTracer(plan).run();
}

}  // namespace nearfar::rig
