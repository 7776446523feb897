#include "render/truth_canonical.h"

#include <stdexcept>

namespace nearfar::rig {

namespace {

Vec3 column(const Mat3& r, std::size_t i) { return {r.m[i], r.m[3 + i], r.m[6 + i]}; }

}  // namespace

double CanonicalPair::depth_mm(Arm arm, const Vec3& point) const {
  return dot(column(R_rig_canonical, 2), point - view(arm).pupil);
}

std::optional<Vec2> CanonicalPair::project(Arm arm, const Vec3& point) const {
  const CanonicalView& camera = view(arm);
  const Vec3 p = R_rig_canonical.transposed() * (point - camera.pupil);
  if (p.z <= 0) return std::nullopt;
  return Vec2{principal_point_px.x + camera.focal_px * p.x / p.z, principal_point_px.y + camera.focal_px * p.y / p.z};
}

Ray CanonicalPair::ray(Arm arm, Vec2 pixel) const {
  const CanonicalView& camera = view(arm);
  const Vec3 direction{(pixel.x - principal_point_px.x) / camera.focal_px,
                       (pixel.y - principal_point_px.y) / camera.focal_px, 1};
  return {camera.pupil, normalized(R_rig_canonical * direction)};
}

CanonicalPair canonical_pair(const Vec3& near_pupil, const Vec3& far_pupil, const Vec3& far_x, const Vec3& aim) {
  if (near_pupil == far_pupil) throw std::invalid_argument("the two pupils coincide: there is no line through them");
  const Vec3 z = normalized(near_pupil - far_pupil);
  const Vec3 x = normalized(far_x - z * dot(far_x, z));
  const Vec3 y = cross(z, x);
  CanonicalPair pair;
  pair.R_rig_canonical = {{x.x, y.x, z.x, x.y, y.y, z.y, x.z, y.z, z.z}};
  pair.aim = aim;
  pair.px_per_mm = kCanonicalSize_px / kCanonicalField_mm;
  const double centre = (kCanonicalSize_px - 1) / 2.0;
  pair.principal_point_px = {centre - pair.px_per_mm * dot(x, aim - far_pupil),
                             centre - pair.px_per_mm * dot(y, aim - far_pupil)};
  for (const Arm arm : kArms) {
    CanonicalView& view = pair.views[static_cast<std::size_t>(arm)];
    view.pupil = arm == Arm::near ? near_pupil : far_pupil;
    view.aim_depth_mm = dot(z, aim - view.pupil);
    if (view.aim_depth_mm <= 0) throw std::invalid_argument("the aim point is not before both pupils");
    view.focal_px = pair.px_per_mm * view.aim_depth_mm;
  }
  return pair;
}

}  // namespace nearfar::rig
