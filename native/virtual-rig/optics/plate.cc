#include "optics/plate.h"

#include <cmath>
#include <numbers>

namespace nearfar::rig {
namespace {

constexpr double kHalfRoot = std::numbers::sqrt2 / 2;
/// Faces may touch a ray's start within rounding.
constexpr double kBehind_mm = -1e-7;

bool is_flat(const FaceFigure& figure) {
  for (const double height : figure.height_mm)
    if (height != 0) return false;
  return true;
}

}  // namespace

Plate::Plate(const PlateOptics& plate, const PlateFlaws& flaws, Vec2 bump_deg)
    : u_per_mm_(2 / plate.width_mm),
      v_per_mm_(2 / plate.height_mm),
      refractive_index_(plate.refractive_index),
      glass_(plate.thickness_mm > 0),
      flat_(is_flat(flaws.coated) && is_flat(flaws.back)) {
  const Mat3 bump = rotation_about({bump_deg.x * kRadPerDeg, bump_deg.y * kRadPerDeg, 0});
  u_ = bump * Vec3{kHalfRoot, 0, -kHalfRoot};
  v_ = bump * Vec3{0, 1, 0};
  const Vec3 normal = bump * Vec3{kHalfRoot, 0, kHalfRoot};
  coated_ = {{0, 0, plate.centre_z_mm}, normal, flaws.coated};
  const Vec3 back_normal = normalized(normal + u_ * flaws.wedge_rad.y - v_ * flaws.wedge_rad.x);
  back_ = {coated_.point - normal * plate.thickness_mm, back_normal, flaws.back};
}

void Plate::meet(const Face& face, Way& way) const {
  const double approach = dot(way.ray.direction, face.normal);
  const double distance = dot(face.point - way.ray.origin, face.normal) / approach;
  // Also false for a ray along the face.
  if (!(distance >= kBehind_mm)) way.open = false;
  if (!way.open) return;
  way.ray.origin = way.ray.origin + way.ray.direction * distance;
  const Vec3 from_centre = way.ray.origin - coated_.point;
  const double u = dot(from_centre, u_) * u_per_mm_, v = dot(from_centre, v_) * v_per_mm_;
  way.inside = way.inside && std::abs(u) <= 1 && std::abs(v) <= 1;
  way.normal = face.normal;
  if (!flat_) {
    const Vec2 rise = face.figure.slope(u, v);
    const double slope_u = rise.x * u_per_mm_, slope_v = rise.y * v_per_mm_;
    // Slopes are about 1e-5, so the second order keeps the length to rounding.
    const double shorter = 1 - (slope_u * slope_u + slope_v * slope_v) / 2;
    way.normal = (face.normal - u_ * slope_u - v_ * slope_v) * shorter;
  }
  if (approach > 0) way.normal = -way.normal;
}

void Plate::reflect(Way& way) {
  way.ray.direction = way.ray.direction - way.normal * (2 * dot(way.ray.direction, way.normal));
}

/// Snell. @param index_ratio index before over index after.
void Plate::refract(Way& way, double index_ratio) {
  const double cos_in = -dot(way.ray.direction, way.normal);
  const double cos2_out = 1 - index_ratio * index_ratio * (1 - cos_in * cos_in);
  if (!(cos2_out > 0)) way.open = false;
  if (!way.open) return;
  way.ray.direction = way.ray.direction * index_ratio + way.normal * (index_ratio * cos_in - std::sqrt(cos2_out));
}

Plate::Exits Plate::near_exits(const Ray& ray, bool with_ghost) const {
  if (dot(ray.direction, coated_.normal) >= 0) return {};
  Way main{ray, {}};
  meet(coated_, main);
  Way ghost = main;
  reflect(main);
  if (!with_ghost || !glass_) return {exit_of(main), {}};
  refract(ghost, 1 / refractive_index_);
  meet(back_, ghost);
  reflect(ghost);
  meet(coated_, ghost);
  refract(ghost, refractive_index_);
  return {exit_of(main), exit_of(ghost)};
}

Plate::Exits Plate::far_exits(const Ray& ray, bool with_ghost) const {
  if (dot(ray.direction, coated_.normal) <= 0) return {};
  Way main{ray, {}};
  meet(back_, main);
  if (!glass_) return {exit_of(main), {}};
  refract(main, 1 / refractive_index_);
  meet(coated_, main);
  Way ghost = main;
  refract(main, refractive_index_);
  if (!with_ghost) return {exit_of(main), {}};
  reflect(ghost);
  meet(back_, ghost);
  reflect(ghost);
  meet(coated_, ghost);
  refract(ghost, refractive_index_);
  return {exit_of(main), exit_of(ghost)};
}

Rigid Plate::mirror() const {
  const Vec3& n = coated_.normal;
  const Mat3 turn{{1 - 2 * n.x * n.x, -2 * n.x * n.y, -2 * n.x * n.z,  //
                   -2 * n.x * n.y, 1 - 2 * n.y * n.y, -2 * n.y * n.z,  //
                   -2 * n.x * n.z, -2 * n.y * n.z, 1 - 2 * n.z * n.z}};
  return {turn, n * (2 * dot(coated_.point, n))};
}

}  // namespace nearfar::rig
