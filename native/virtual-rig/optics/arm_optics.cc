#include "optics/arm_optics.h"

#include <algorithm>
#include <cmath>

namespace nearfar::rig {
namespace {

/// The rail's stop nearest to the eye plane: its direction error shows at the stops beyond.
constexpr double kNearestStop_mm = 230;
/// Image beyond which project() gives up, as a share of its size.
constexpr double kMargin = 0.25;
constexpr double kProjected_px = 1e-8;
constexpr int kMaxSteps = 20;

double focus_mm_of(const RigOptics& optics, Arm arm, double distance_mm) {
  const double set = optics.camera(arm).focus_mm;
  if (set > 0) return set;
  return arm == Arm::near ? distance_mm : optics.far_distance_mm;
}

Lens lens_of(const RigOptics& optics, Arm arm, double distance_mm, int width_px, int height_px) {
  const CameraOptics& camera = optics.camera(arm);
  const double eye_plane_mm = arm == Arm::near ? distance_mm : optics.far_distance_mm;
  const Lens::Setting setting{focal_length_mm(camera, eye_plane_mm), eye_plane_mm,
                              focus_mm_of(optics, arm, distance_mm)};
  return Lens(camera, setting, width_px, height_px,
              optics.honest ? lens_flaws(optics.seed, arm) : LensFlaws{});
}

std::optional<Plate> plate_of(const RigOptics& optics, Vec2 bump_deg) {
  if (!optics.plate.present) return std::nullopt;
  return Plate(optics.plate, optics.honest ? plate_flaws(optics.seed) : PlateFlaws{}, bump_deg);
}

/// Where the (virtual) camera stands with the plate as it was built.
Rigid nominal_pose(const RigOptics& optics, Arm arm, double distance_mm) {
  const CameraOptics& camera = optics.camera(arm);
  Rigid pose{rotation_about(camera.rotation_deg * kRadPerDeg), camera.pupil_offset_mm};
  if (arm == Arm::far) return pose;
  const Mat3 rail = rotation_about({optics.rail_x_deg * kRadPerDeg, optics.rail_y_deg * kRadPerDeg, 0});
  const Vec3 nearest{0, 0, optics.far_distance_mm - kNearestStop_mm};
  pose.translation = pose.translation + nearest + rail * Vec3{0, 0, kNearestStop_mm - distance_mm};
  return pose;
}

/// Unit vector across a ray and an axis; any across the ray where the two are parallel.
Vec3 across(const Vec3& direction, const Vec3& axis) {
  const Vec3 both = cross(direction, axis);
  const double square = dot(both, both);
  if (square > 1e-20) return both * (1 / std::sqrt(square));
  return normalized(cross(direction, std::abs(direction.x) < 0.5 ? Vec3{1, 0, 0} : Vec3{0, 1, 0}));
}

/// Inverse of a symmetric positive matrix applied to a vector, by Cramer's rule.
Vec3 solved(const Mat3& a, const Vec3& b) {
  const Vec3 c0{a.m[0], a.m[3], a.m[6]}, c1{a.m[1], a.m[4], a.m[7]}, c2{a.m[2], a.m[5], a.m[8]};
  const double determinant = dot(c0, cross(c1, c2));
  return Vec3{dot(b, cross(c1, c2)), dot(c0, cross(b, c2)), dot(c0, cross(c1, b))} * (1 / determinant);
}

}  // namespace

ArmOptics::ArmOptics(const RigOptics& optics, Arm arm, double distance_mm, int width_px, int height_px,
                     Vec2 plate_bump_deg, Polarisation light)
    : arm_(arm),
      width_px_(width_px),
      height_px_(height_px),
      ghost_(optics.plate.ghost && optics.plate.thickness_mm > 0 && optics.plate.back_reflection > 0),
      lens_(lens_of(optics, arm, distance_mm, width_px, height_px)),
      plate_(plate_of(optics, plate_bump_deg)),
      coating_(optics.plate, optics.honest),
      light_(light),
      T_rig_lens_(nominal_pose(optics, arm, distance_mm)) {
  ghost_base_ = coating_.transmittance() * (arm == Arm::near ? coating_.transmittance() : coating_.reflectance());
  truth_.T_rig_camera = T_rig_lens_;
  if (plate_ && arm == Arm::near) {
    // The rig is built with the plate where it should be; what a bump turns is the image of the camera.
    T_rig_lens_ = Plate(optics.plate, {}, {}).mirror() * T_rig_lens_;
    truth_.T_rig_camera = plate_->mirror() * T_rig_lens_;
  }
  const CameraOptics& camera = optics.camera(arm);
  truth_.fx_px = truth_.fy_px = lens_.focal_px();
  truth_.cx_px = lens_.principal_point_px().x;
  truth_.cy_px = lens_.principal_point_px().y;
  truth_.distortion = camera.distortion;
  truth_.f_number = camera.f_number;
  truth_.focus_mm = lens_.focus_mm();
  pupil_ = truth_.T_rig_camera.translation;
  if (plate_ && arm == Arm::far) pupil_ = bundle_centre();
  T_model_rig_ = Rigid{truth_.T_rig_camera.rotation, pupil_}.inverse();
}

Ray ArmOptics::into_rig(const Ray& lens_ray) const {
  return {T_rig_lens_ * lens_ray.origin, T_rig_lens_.rotation * lens_ray.direction};
}

/// The point nearest to the rays that leave the plate from one pupil point, over the image: glass makes a
/// pupil astigmatic, and this is its best single place.
Vec3 ArmOptics::bundle_centre() const {
  Mat3 normal_matrix{{0, 0, 0, 0, 0, 0, 0, 0, 0}};
  Vec3 right_side;
  constexpr int kSteps = 4;
  for (int j = 0; j <= kSteps; ++j) {
    for (int i = 0; i <= kSteps; ++i) {
      const Vec2 pixel{(width_px_ - 1.0) * i / kSteps, (height_px_ - 1.0) * j / kSteps};
      const std::optional<Ray> chief = lens_.chief_ray(pixel);
      if (!chief) continue;
      const Plate::Exit exit = plate_->far_exits(into_rig({{}, chief->direction}), false).main;
      if (!exit.open) continue;
      const Vec3& d = exit.ray.direction;
      const double squares[9] = {1 - d.x * d.x, -d.x * d.y, -d.x * d.z, -d.x * d.y,   1 - d.y * d.y,
                                 -d.y * d.z,    -d.x * d.z, -d.y * d.z, 1 - d.z * d.z};
      for (int k = 0; k < 9; ++k) normal_matrix.m[k] += squares[k];
      right_side = right_side + exit.ray.origin - d * dot(d, exit.ray.origin);
    }
  }
  return solved(normal_matrix, right_side);
}

PathRay ArmOptics::weighted(const Ray& exit, const PolarShare& share, const Spectrum& base, double falloff) const {
  const double diattenuation = light_ == Polarisation::none ? share.diattenuation() : 0;
  return {exit, base * static_cast<float>(share.of(light_) * falloff), diattenuation,
          across(exit.direction, plate_->normal())};
}

void ArmOptics::fill_near(const Ray& ray, double falloff, PixelPaths& paths) const {
  const double cosine = std::abs(dot(ray.direction, plate_->normal()));
  const PolarShare through = coating_.transmitted(cosine), back = coating_.back_reflected(cosine);
  const Plate::Exits exits = plate_->near_exits(ray, ghost_);
  if (exits.main.lit()) {
    paths.main = weighted(exits.main.ray, coating_.reflected(cosine), coating_.reflectance(), falloff);
    const PolarShare trap = through * PolarShare{1 - back.s, 1 - back.p};
    paths.trap_weight = coating_.transmittance() * static_cast<float>(trap.mean() * falloff);
  }
  if (exits.ghost.lit()) paths.ghost = weighted(exits.ghost.ray, through * back * through, ghost_base_, falloff);
}

void ArmOptics::fill_far(const Ray& ray, double falloff, PixelPaths& paths) const {
  const double cosine = std::abs(dot(ray.direction, plate_->normal()));
  const PolarShare back = coating_.back_reflected(cosine), in{1 - back.s, 1 - back.p};
  const PolarShare through = in * coating_.transmitted(cosine), inside = coating_.reflected(cosine);
  const Plate::Exits exits = plate_->far_exits(ray, ghost_);
  if (exits.main.lit()) {
    paths.main = weighted(exits.main.ray, through, coating_.transmittance(), falloff);
    paths.trap_weight = coating_.reflectance() * static_cast<float>((in * inside * in).mean() * falloff);
  }
  if (exits.ghost.lit()) paths.ghost = weighted(exits.ghost.ray, through * inside * back, ghost_base_, falloff);
}

PixelPaths ArmOptics::paths(Vec2 pixel, LensPoint lens) const {
  PixelPaths paths;
  const std::optional<Ray> chief = lens_.chief_ray(pixel);
  if (!chief) return paths;
  const double falloff = lens_.falloff(pixel, *chief);
  const Ray ray = into_rig(lens_.marginal_ray(*chief, lens));
  if (!plate_)
    paths.main = PathRay{ray, Spectrum::constant(static_cast<float>(falloff)), 0, across(ray.direction, {0, 1, 0})};
  else if (arm_ == Arm::near)
    fill_near(ray, falloff, paths);
  else
    fill_far(ray, falloff, paths);
  return paths;
}

Plate::Exit ArmOptics::chief_exit(Vec2 pixel) const {
  const std::optional<Ray> chief = lens_.chief_ray(pixel);
  if (!chief) return {};
  const Ray ray = into_rig(*chief);
  if (!plate_) return {ray, true, true};
  return (arm_ == Arm::near ? plate_->near_exits(ray, false) : plate_->far_exits(ray, false)).main;
}

std::optional<Vec2> ArmOptics::project(const Vec3& point) const {
  // The model camera (a pinhole at pupil_) is nearly right: stepping by its view of the miss converges at
  // once, a chief ray a step.
  const Vec3 local = T_model_rig_ * point;
  if (!(local.z > 0)) return std::nullopt;
  const Vec3 axis = truth_.T_rig_camera.rotation * Vec3{0, 0, 1};
  const Vec2 target = lens_.project(local);
  const auto in_reach = [&](Vec2 p, double margin) {
    return std::abs(p.x - (width_px_ - 1) / 2.0) <= width_px_ * (0.5 + margin) &&
           std::abs(p.y - (height_px_ - 1) / 2.0) <= height_px_ * (0.5 + margin);
  };
  Vec2 pixel = target;
  for (int step = 0; step < kMaxSteps; ++step) {
    if (!in_reach(pixel, 2 * kMargin)) return std::nullopt;
    const Plate::Exit exit = chief_exit(pixel);
    if (!exit.open) return std::nullopt;
    const double way = dot(point - exit.ray.origin, axis) / dot(exit.ray.direction, axis);
    if (!(way > 0)) return std::nullopt;
    const Vec3 met = exit.ray.origin + exit.ray.direction * way;
    const Vec2 seen = lens_.project(T_model_rig_ * met);
    const Vec2 miss{target.x - seen.x, target.y - seen.y};
    pixel = {pixel.x + miss.x, pixel.y + miss.y};
    if (std::abs(miss.x) + std::abs(miss.y) > kProjected_px) continue;
    // Far outside the field a distortion polynomial folds over and agrees with another point's view.
    const bool same = length(met - point) * lens_.focal_px() < 1e-3 * local.z;
    if (!same || !exit.inside || !in_reach(pixel, kMargin)) return std::nullopt;
    return pixel;
  }
  return std::nullopt;
}

}  // namespace nearfar::rig
