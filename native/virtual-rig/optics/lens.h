// One camera's lens at one stop: pixels of the upright, un-mirrored image to rays in the camera's frame and back.
#pragma once

#include <optional>

#include "optics/distortion.h"
#include "optics/flaws.h"
#include "optics/rig_optics.h"
#include "optics/vec.h"

namespace nearfar::rig {

/// Focal length at a rail position: linear between the table's entries, constant outside.
double focal_length_mm(const CameraOptics& camera, double distance_mm);

/// A thin lens at the origin of the camera's frame, looking along +z. Immutable.
class Lens {
 public:
  struct Setting {
    /// Effective: the image distance when focused at `eye_plane_mm`, which gives the field of view there.
    /// Focused elsewhere, the image breathes as that of a thin lens.
    double focal_mm = 0;
    double eye_plane_mm = 0;
    double focus_mm = 0;
  };

  Lens(const CameraOptics& camera, const Setting& setting, int width_px, int height_px, const LensFlaws& flaws);

  /// Through the centre of the entrance pupil, which lies on the axis, at the origin unless it walks.
  /// @returns nothing where the distortion has no inverse.
  std::optional<Ray> chief_ray(Vec2 pixel) const;

  /// The ray from another place of the pupil (unit disc) that meets the chief ray in the focused plane.
  Ray marginal_ray(const Ray& chief, Vec2 lens) const;

  /// cos⁴ of the field angle × (1 - vignetting·(r / r_corner)²), with r from the principal point and r_corner
  /// half the image's diagonal; 1 on the axis, never negative.
  double falloff(Vec2 pixel, const Ray& chief) const;

  /// The pixel that sees a point from the origin, pupil walk aside. @param point with z > 0.
  Vec2 project(const Vec3& point) const;

  /// fx and fy.
  double focal_px() const { return focal_px_; }
  Vec2 principal_point_px() const { return principal_point_; }
  double focus_mm() const { return focus_mm_; }

 private:
  double focus_mm_;
  double focal_px_;
  double pupil_radius_mm_;
  double pupil_walk_mm_;
  double corner_radius_px_;
  double vignetting_;
  Vec2 principal_point_;
  Distortion distortion_;
};

}  // namespace nearfar::rig
