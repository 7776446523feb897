// The canonical pair in numbers: two central-perspective cameras that look along the line joining the
// two effective pupils (calibration/README.md, "Truth of the virtual rig").
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "board/pins.h"
#include "optics/vec.h"

namespace nearfar::rig {

/// Width and height of a canonical image, px.
inline constexpr int kCanonicalSize_px = 1024;
/// What it covers in the plane through the aim point, mm.
inline constexpr double kCanonicalField_mm = 300;

/// One of the two cameras.
struct CanonicalView {
  /// Effective pupil, rig frame.
  Vec3 pupil;
  /// Depth of the aim point along the canonical axis from that pupil.
  double aim_depth_mm = 0;
  double focal_px = 0;
};

struct CanonicalPair {
  /// Columns are the canonical axes in the rig frame: x right, y down, z from the far pupil to the near one
  /// and so towards the subject.
  Mat3 R_rig_canonical;
  /// In the rig frame; its pixel is the centre of both images.
  Vec3 aim;
  double px_per_mm = 0;
  /// Principal point and epipole of both images at once: the axis that they share.
  Vec2 principal_point_px;
  std::array<CanonicalView, 2> views;

  const CanonicalView& view(Arm arm) const { return views[static_cast<std::size_t>(arm)]; }
  /// Depth of a point of the rig frame along the canonical axis from that arm's pupil, mm.
  double depth_mm(Arm arm, const Vec3& point) const;
  /// Pixel of a point of the rig frame, inside the image or not; nothing behind the pupil.
  std::optional<Vec2> project(Arm arm, const Vec3& point) const;
  /// From the pupil through a pixel.
  Ray ray(Arm arm, Vec2 pixel) const;
};

/// @param far_x direction of the far camera's image rows in the rig frame; it fixes the roll.
/// Throws std::invalid_argument when the pupils coincide or the aim point is not before both.
CanonicalPair canonical_pair(const Vec3& near_pupil, const Vec3& far_pupil, const Vec3& far_x, const Vec3& aim);

}  // namespace nearfar::rig
