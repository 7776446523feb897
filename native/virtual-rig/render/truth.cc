#include "render/truth.h"

#include "optics/plate.h"

namespace nearfar::rig {

namespace {

/// Where a ray meets the eye plane.
Vec3 at_eye_plane(const Vec3& origin, const Vec3& direction, double eye_plane_z_mm) {
  return origin + direction * ((eye_plane_z_mm - origin.z) / direction.z);
}

/// As the coated face stands, flaws and bump included; where it would stand when there is no plate.
Vec3 plate_normal(const RigOptics& rig, const World& world) {
  const PlateFlaws flaws = rig.honest ? plate_flaws(rig.seed) : PlateFlaws{};
  return Plate(rig.plate, flaws, {world.plate_bump_x_deg, world.plate_bump_y_deg}).normal();
}

ArmTruth arm_truth(const ArmOptics& optics, const CameraOptics& camera, double eye_plane_z_mm, const Vec3& epipole) {
  ArmTruth truth;
  truth.width_px = optics.width_px();
  truth.height_px = optics.height_px();
  truth.camera = optics.truth();
  truth.effective_pupil = optics.pupil();
  truth.row_time_us = camera.row_time_us;
  truth.curtain_up = camera.curtain_up;
  const PixelPaths axis = optics.paths({truth.camera.cx_px, truth.camera.cy_px}, {0, 0});
  if (axis.main) truth.aim = at_eye_plane(axis.main->ray.origin, axis.main->ray.direction, eye_plane_z_mm);
  truth.epipole_px = optics.project(epipole);
  return truth;
}

bool inside(const ArmOptics& optics, const Vec2& px) {
  return px.x >= -0.5 && px.y >= -0.5 && px.x <= optics.width_px() - 0.5 && px.y <= optics.height_px() - 0.5;
}

bool unhidden(const StageProbe& probe, const Vec3& pupil, const Vec3& point) {
  const Vec3 way = point - pupil;
  return probe.hit({pupil, normalized(way)}) >= length(way) - kPointTolerance_mm;
}

PointView point_view(const ShotGeometry& shot, Arm arm, const Vec3& position) {
  const ArmOptics& optics = shot.optics_of(arm);
  PointView view;
  view.position = position;
  view.px = optics.project(position);
  view.canonical_px = shot.canonical.project(arm, position);
  view.visible = view.px && inside(optics, *view.px) && unhidden(*shot.probe_of(arm), optics.pupil(), position);
  return view;
}

std::vector<PointSetTruth> point_sets_truth(const ShotGeometry& shot) {
  const auto near = shot.probe_of(Arm::near)->point_sets();
  const auto far = shot.probe_of(Arm::far)->point_sets();
  std::vector<PointSetTruth> truth(near.size());
  for (std::size_t s = 0; s < truth.size(); ++s) {
    truth[s].name = near[s].name;
    truth[s].points.resize(near[s].points.size());
    for (std::size_t p = 0; p < truth[s].points.size(); ++p) {
      truth[s].points[p] = {near[s].points[p].id,
                            {point_view(shot, Arm::near, near[s].points[p].position),
                             point_view(shot, Arm::far, far[s].points[p].position)}};
    }
  }
  return truth;
}

}  // namespace

SceneTruth scene_truth(Renderer& renderer, const World& world, const ShotTimes& times) {
  const RigOptics& rig = renderer.options().optics;
  const ShotGeometry shot = shot_geometry(renderer, world, times);
  const ArmOptics& near = shot.optics_of(Arm::near);
  const ArmOptics& far = shot.optics_of(Arm::far);
  SceneTruth truth;
  truth.world = world;
  truth.world.eye_plane_mm = rig.far_distance_mm;
  truth.optics = rig;
  truth.times = times;
  truth.canonical = shot.canonical;
  truth.epipole = at_eye_plane(far.pupil(), near.pupil() - far.pupil(), rig.far_distance_mm);
  truth.arms = {arm_truth(near, rig.near, rig.far_distance_mm, truth.epipole),
                arm_truth(far, rig.far, rig.far_distance_mm, truth.epipole)};
  truth.plate_normal = plate_normal(rig, world);
  truth.color = color_truth(renderer, world, times);
  if (!shot.probe_of(Arm::near)) return truth;
  truth.object = {shot.probe_of(Arm::near)->pose(), shot.probe_of(Arm::far)->pose()};
  truth.point_sets = point_sets_truth(shot);
  return truth;
}

}  // namespace nearfar::rig
