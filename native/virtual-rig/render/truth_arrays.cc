#include "render/truth_arrays.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <future>
#include <limits>
#include <span>

#include "base/asset_error.h"
#include "render/npy.h"

namespace nearfar::rig {

namespace {

constexpr float kNothing = std::numeric_limits<float>::quiet_NaN();
constexpr std::size_t kPixels = std::size_t{kCanonicalSize_px} * kCanonicalSize_px;

/// Calls `row(y)` for every row, on this thread and one more.
template <typename Row>
void for_rows(int rows, const Row& row) {
  std::atomic<int> next{0};
  const auto work = [&] {
    for (int y = next++; y < rows; y = next++) row(y);
  };
  std::future<void> helper = std::async(std::launch::async, work);
  work();
  helper.get();
}

void put(std::vector<float>& pairs, std::size_t index, const Vec2& value) {
  pairs[index * 2] = static_cast<float>(value.x);
  pairs[index * 2 + 1] = static_cast<float>(value.y);
}

/// One view of the canonical pair, traced row by row.
class CanonicalTracer {
 public:
  CanonicalTracer(const ShotGeometry& shot, Arm arm, const CanonicalWanted& wanted, CanonicalMaps& maps)
      : shot_(shot),
        arm_(arm),
        wanted_(wanted),
        maps_(maps),
        other_from_this_(shot.probe_of(other(arm))->pose() * shot.probe_of(arm)->pose().inverse()) {}

  void trace_row(int y) const {
    std::vector<Ray> rays(kCanonicalSize_px);
    std::vector<float> distances;
    for (int x = 0; x < kCanonicalSize_px; ++x)
      rays[x] = shot_.canonical.ray(arm_, {static_cast<double>(x), static_cast<double>(y)});
    shot_.probe_of(arm_)->hits(rays, distances);

    std::vector<SurfacePixel> surface;
    for (int x = 0; x < kCanonicalSize_px; ++x) {
      if (!std::isfinite(distances[x])) continue;
      const Vec3 point = rays[x].origin + rays[x].direction * distances[x];
      const SurfacePixel pixel{x, y, other_from_this_ * point};
      store_point(pixel, point);
      surface.push_back(pixel);
    }
    if (wanted_.visible) store_visible(surface);
  }

 private:
  struct SurfacePixel {
    int x;
    int y;
    /// The surface point at the other arm's time.
    Vec3 there;
    std::size_t index() const { return static_cast<std::size_t>(y) * kCanonicalSize_px + static_cast<std::size_t>(x); }
  };

  void store_point(const SurfacePixel& pixel, const Vec3& point) const {
    const std::size_t index = pixel.index();
    if (wanted_.depth) maps_.depth[index] = static_cast<float>(shot_.canonical.depth_mm(arm_, point));
    if (wanted_.flow) {
      const auto there = shot_.canonical.project(other(arm_), pixel.there);
      if (there) put(maps_.flow, index, {there->x - pixel.x, there->y - pixel.y});
    }
    if (wanted_.to_frame) {
      const auto px = shot_.optics_of(arm_).project(point);
      if (px) put(maps_.to_frame, index, *px);
    }
  }

  void store_visible(const std::vector<SurfacePixel>& surface) const {
    const Vec3& pupil = shot_.canonical.view(other(arm_)).pupil;
    std::vector<Ray> rays;
    std::vector<float> distances;
    for (const SurfacePixel& pixel : surface) rays.push_back({pupil, normalized(pixel.there - pupil)});
    shot_.probe_of(other(arm_))->hits(rays, distances);
    for (std::size_t i = 0; i < surface.size(); ++i) {
      const bool seen = distances[i] >= length(surface[i].there - pupil) - kOcclusionTolerance_mm;
      maps_.visible[surface[i].index()] = seen ? 1 : 0;
    }
  }

  const ShotGeometry& shot_;
  Arm arm_;
  CanonicalWanted wanted_;
  CanonicalMaps& maps_;
  Rigid other_from_this_;
};

/// Depths of one row of the captured frame.
void trace_frame_row(const ShotGeometry& shot, Arm arm, int y, std::span<float> depths) {
  const ArmOptics& optics = shot.optics_of(arm);
  const Vec3 axis = optics.truth().T_rig_camera.rotation * Vec3{0, 0, 1};
  std::vector<Ray> rays;
  std::vector<std::size_t> columns;
  for (std::size_t x = 0; x < depths.size(); ++x) {
    const auto path = optics.paths({static_cast<double>(x), static_cast<double>(y)}, {0, 0}).main;
    if (!path) continue;
    rays.push_back(path->ray);
    columns.push_back(x);
  }
  std::vector<float> distances;
  shot.probe_of(arm)->hits(rays, distances);
  for (std::size_t i = 0; i < rays.size(); ++i) {
    if (!std::isfinite(distances[i])) continue;
    const Vec3 point = rays[i].origin + rays[i].direction * distances[i];
    depths[columns[i]] = static_cast<float>(dot(axis, point - optics.pupil()));
  }
}

struct NamedArray {
  const char* name;
  Arm arm;
  enum class Content { in_frame, depth, flow, visible, to_frame } content;
};

using enum NamedArray::Content;
constexpr std::array<NamedArray, 10> kArrays{{
    {"nearDepth", Arm::near, in_frame},
    {"farDepth", Arm::far, in_frame},
    {"canonicalNearDepth", Arm::near, depth},
    {"canonicalFarDepth", Arm::far, depth},
    {"nearToFar", Arm::near, flow},
    {"farToNear", Arm::far, flow},
    {"nearVisible", Arm::near, visible},
    {"farVisible", Arm::far, visible},
    {"canonicalToNear", Arm::near, to_frame},
    {"canonicalToFar", Arm::far, to_frame},
}};

bool is_wanted(const std::vector<std::string>& names, Arm arm, NamedArray::Content content) {
  return std::ranges::any_of(kArrays, [&](const NamedArray& array) {
    return array.arm == arm && array.content == content && std::ranges::find(names, array.name) != names.end();
  });
}

void require_known(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const auto& known = truth_array_names();
    if (std::ranges::find(known, name) == known.end())
      throw AssetError("truth has no array \"" + name + "\"");
  }
}

void write_arm(const ShotGeometry& shot, Arm arm, const std::vector<std::string>& names,
               const std::filesystem::path& directory) {
  const auto file = [&](NamedArray::Content content) {
    const auto found = std::ranges::find_if(
        kArrays, [&](const NamedArray& array) { return array.arm == arm && array.content == content; });
    return directory / (std::string(found->name) + ".npy");
  };
  const ArmOptics& optics = shot.optics_of(arm);
  if (is_wanted(names, arm, in_frame))
    write_npy(file(in_frame), frame_depth(shot, arm),
              {static_cast<std::size_t>(optics.height_px()), static_cast<std::size_t>(optics.width_px())});
  const CanonicalWanted wanted{is_wanted(names, arm, depth), is_wanted(names, arm, flow),
                               is_wanted(names, arm, visible), is_wanted(names, arm, to_frame)};
  const CanonicalMaps maps = canonical_maps(shot, arm, wanted);
  constexpr std::size_t kSize = kCanonicalSize_px;
  if (wanted.depth) write_npy(file(depth), maps.depth, {kSize, kSize});
  if (wanted.flow) write_npy(file(flow), maps.flow, {kSize, kSize, 2});
  if (wanted.visible) write_npy(file(visible), maps.visible, {kSize, kSize});
  if (wanted.to_frame) write_npy(file(to_frame), maps.to_frame, {kSize, kSize, 2});
}

}  // namespace

const std::vector<std::string>& truth_array_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const NamedArray& array : kArrays) all.emplace_back(array.name);
    return all;
  }();
  return names;
}

CanonicalMaps canonical_maps(const ShotGeometry& shot, Arm arm, const CanonicalWanted& wanted) {
  CanonicalMaps maps;
  if (wanted.depth) maps.depth.assign(kPixels, kNothing);
  if (wanted.flow) maps.flow.assign(kPixels * 2, kNothing);
  if (wanted.visible) maps.visible.assign(kPixels, 0);
  if (wanted.to_frame) maps.to_frame.assign(kPixels * 2, kNothing);
  if (!shot.probe_of(arm) || !(wanted.depth || wanted.flow || wanted.visible || wanted.to_frame)) return maps;
  const CanonicalTracer tracer(shot, arm, wanted, maps);
  for_rows(kCanonicalSize_px, [&](int y) { tracer.trace_row(y); });
  return maps;
}

std::vector<float> frame_depth(const ShotGeometry& shot, Arm arm) {
  const ArmOptics& optics = shot.optics_of(arm);
  const std::size_t width = static_cast<std::size_t>(optics.width_px());
  std::vector<float> depths(width * static_cast<std::size_t>(optics.height_px()), kNothing);
  if (!shot.probe_of(arm)) return depths;
  for_rows(optics.height_px(), [&](int y) {
    trace_frame_row(shot, arm, y, std::span(depths).subspan(static_cast<std::size_t>(y) * width, width));
  });
  return depths;
}

void write_truth_arrays(Renderer& renderer, const World& world, const ShotTimes& times,
                        const std::vector<std::string>& names, const std::filesystem::path& directory) {
  require_known(names);
  std::error_code ignored;
  if (!std::filesystem::is_directory(directory, ignored))
    throw AssetError("there is no folder " + directory.string() + " for the truth: create it first");
  const ShotGeometry shot = shot_geometry(renderer, world, times);
  for (const Arm arm : kArms) write_arm(shot, arm, names, directory);
}

}  // namespace nearfar::rig
