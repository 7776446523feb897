// The studio's light: two soft boxes and a dim surround.
#pragma once

#include <array>

#include "optics/vec.h"
#include "subjects/mesh.h"

namespace nearfar::rig {

/// A rectangular area light with uniform radiance.
struct SoftBox {
  Vec3f centre;
  /// Unit vectors along the sides and out of the lit face.
  Vec3f side_a;
  Vec3f side_b;
  Vec3f facing;
  float half_a_mm = 0;
  float half_b_mm = 0;
  /// 1: that of a perfect white in full light.
  float radiance = 0;
};

/// Key from the left above, fill from the right; each shadow-free share is scaled so that a white that faces
/// the cameras in the middle of the eye plane has an irradiance of 1: 0.60 from the key, 0.22 from the fill,
/// 0.18 from the surround (a key to fill ratio of 2.7, as portraits are lit).
struct Studio {
  std::array<SoftBox, 2> boxes;
  /// Irradiance of the surround on a surface that sees all of it; it is brighter above than below.
  float surround = 0;
  /// Unit vector to its brightest part.
  Vec3f surround_axis;

  /// In the rig frame. @param eye_plane_mm from the far entrance pupil.
  static Studio before(double eye_plane_mm);
  /// The same lights in another frame.
  Studio moved(const Rigid& T_frame_rig) const;
};

/// Irradiance of a box at a point, nothing in between; 1 is what a white needs for a radiance of 1.
float unshadowed_irradiance(const SoftBox& box, const Vec3f& point, const Vec3f& normal);

/// Radiance of the surround in a direction.
inline float surround_radiance(const Studio& studio, const Vec3f& direction) {
  const float along = direction.x * studio.surround_axis.x + direction.y * studio.surround_axis.y +
                      direction.z * studio.surround_axis.z;
  return studio.surround * (1 + 0.6F * along);
}

}  // namespace nearfar::rig
