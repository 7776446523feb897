// Rigs that the tests of the optics share.
#pragma once

#include <array>
#include <functional>

#include "optics/arm_optics.h"
#include "test/check.h"

namespace nearfar::rig::test::optics_fixture {

inline constexpr int kWidth = 1024;
inline constexpr int kHeight = 1280;
inline constexpr double kEyePlane = 1600;
inline constexpr std::array kDistances{230.0, 450.0, 900.0, 1370.0};

/// The defaults of src/schema/virtual-optics.ts.
inline RigOptics default_optics(bool honest) {
  RigOptics optics;
  optics.near.focal_lengths = {{230, 28}, {450, 50}, {900, 100}, {1370, 135}};
  optics.near.distortion = {-0.06, 0.02, 0.0003, -0.0002, 0};
  optics.near.vignetting = 0.15;
  optics.near.principal_point_px = {4.2, -3.1};
  optics.near.pupil_offset_mm = {0.7, -0.5, 0.8};
  optics.near.rotation_deg = {0.12, -0.09, 0.15};
  optics.far.focal_lengths = {{1600, 180}};
  optics.far.distortion = {0.08, 0, 0, 0, 0};
  optics.far.vignetting = 0.1;
  optics.far.principal_point_px = {-5.6, 3.8};
  optics.far.rotation_deg = {-0.06, 0.05, -0.1};
  optics.rail_x_deg = 0.08;
  optics.rail_y_deg = -0.06;
  optics.honest = honest;
  return optics;
}

/// Perfect lenses and poses; what is left is the plate.
inline RigOptics ideal_optics() {
  RigOptics optics;
  optics.near.focal_lengths = {{230, 28}, {450, 50}, {900, 100}, {1370, 135}};
  optics.far.focal_lengths = {{1600, 180}};
  optics.honest = false;
  return optics;
}

inline ArmOptics arm_of(const RigOptics& optics, Arm arm, double distance_mm = 450, Vec2 bump_deg = {},
                        Polarisation light = Polarisation::none) {
  return ArmOptics(optics, arm, distance_mm, kWidth, kHeight, bump_deg, light);
}

/// Calls with pixels on a grid over the image, its corners included.
inline void over_field(const std::function<void(Vec2)>& call, int steps = 8) {
  for (int j = 0; j <= steps; ++j)
    for (int i = 0; i <= steps; ++i) call({(kWidth - 1.0) * i / steps, (kHeight - 1.0) * j / steps});
}

inline Vec3 at_z(const Ray& ray, double z) {
  return ray.origin + ray.direction * ((z - ray.origin.z) / ray.direction.z);
}

inline double off_line(const Ray& ray, const Vec3& point) { return length(cross(point - ray.origin, ray.direction)); }

inline Ray main_ray(const ArmOptics& optics, Vec2 pixel) {
  const PixelPaths paths = optics.paths(pixel, {0, 0});
  expect(paths.main.has_value(), "the pixel has a main path");
  return paths.main->ray;
}

inline Vec2 centre_of(const ArmOptics& optics) { return {optics.truth().cx_px, optics.truth().cy_px}; }

inline double sum(const Spectrum& s) { return dot(s, Spectrum::constant(1)); }

inline double ghost_share(const ArmOptics& optics, Vec2 pixel) {
  const PixelPaths paths = optics.paths(pixel, {0, 0});
  expect(paths.main && paths.ghost, "the pixel has a ghost");
  return sum(paths.ghost->weight) / sum(paths.main->weight);
}

}  // namespace nearfar::rig::test::optics_fixture
