#include "render/truth_geometry.h"

namespace nearfar::rig {

namespace {

bool has_object(const World& world) { return world.kind == SceneKind::target || world.kind == SceneKind::subject; }

}  // namespace

ShotGeometry shot_geometry(Renderer& renderer, const World& world, const ShotTimes& times) {
  ShotGeometry shot;
  shot.optics = {renderer.arm_optics(world, Arm::near), renderer.arm_optics(world, Arm::far)};
  const ArmOptics& far = shot.optics_of(Arm::far);
  const Vec3 far_x = far.truth().T_rig_camera.rotation * Vec3{1, 0, 0};
  const Vec3 aim{0, 0, renderer.options().optics.far_distance_mm};
  shot.canonical = canonical_pair(shot.optics_of(Arm::near).pupil(), far.pupil(), far_x, aim);
  if (!has_object(world)) return shot;
  const auto stage = renderer.stage(world);
  shot.probes = {std::make_unique<const StageProbe>(stage, times.near.mid_s),
                 std::make_unique<const StageProbe>(stage, times.far.mid_s)};
  return shot;
}

}  // namespace nearfar::rig
