// Truth by pixel: depth, flow, occlusion and the way from the canonical pair back into the frames
// (src/schema/scene-truth.ts documents each array).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "render/truth_geometry.h"

namespace nearfar::rig {

/// How far before a point the other pupil's view may be blocked while the point still counts as seen, mm: covers the
/// single precision of ray hits (0.0002 mm at 1.6 m) on surfaces seen as flat as 89.5°.
inline constexpr double kOcclusionTolerance_mm = 0.05;

/// Names of src/schema/virtual-rig.ts, `truthArray`, in its order.
const std::vector<std::string>& truth_array_names();

/// What is wanted of one view of the canonical pair.
struct CanonicalWanted {
  bool depth = false;
  bool flow = false;
  bool visible = false;
  bool to_frame = false;
};

/// Row-major maps of 1024 × 1024; those that were not wanted are empty. NaN (visible: 0) where there is no surface.
struct CanonicalMaps {
  /// mm along the canonical axis from this view's pupil.
  std::vector<float> depth;
  /// (dx, dy) px to where the surface point lies in the other view, at the other arm's time.
  std::vector<float> flow;
  /// 1: the other pupil sees the surface point too, at its own time.
  std::vector<std::uint8_t> visible;
  /// (x, y) px in this arm's captured frame, through its real optics; NaN where no pixel sees the point.
  std::vector<float> to_frame;
};

CanonicalMaps canonical_maps(const ShotGeometry& shot, Arm arm, const CanonicalWanted& wanted);

/// Depth of every pixel of the captured frame along the camera's optical axis from its effective pupil, mm, by chief
/// ray; NaN where there is no surface.
std::vector<float> frame_depth(const ShotGeometry& shot, Arm arm);

/// Writes `<name>.npy` for each name into the folder, each at once or not at all.
/// Throws AssetError for a name that no array has, or when the folder does not exist or cannot be written.
void write_truth_arrays(Renderer& renderer, const World& world, const ShotTimes& times,
                        const std::vector<std::string>& names, const std::filesystem::path& directory);

}  // namespace nearfar::rig
