#include "render/stage.h"

#include <cmath>

namespace nearfar::rig {

Stage::Stage(const World& world, Views views, std::shared_ptr<Scenery> scenery, double eye_plane_mm, bool honest)
    : world_(world),
      views_(std::move(views)),
      scenery_(std::move(scenery)),
      eye_plane_mm_(eye_plane_mm),
      honest_(honest),
      at_rest_(world.kind == SceneKind::subject ? subject_pose(world.subject) : world.T_rig_target) {
  if (has_object()) scenery_->lit_shape(world_, at_rest_, 0);
}

Rigid Stage::pose(double time_s) const {
  const Rigid moved = motion_at(world_.motion, time_s);
  return {moved.rotation * at_rest_.rotation, at_rest_.translation + moved.translation};
}

std::shared_ptr<const LitShape> Stage::shape_at(double time_s) const {
  if (!has_object()) return nullptr;
  const double closure = world_.kind == SceneKind::subject ? blink_at(world_.motion, time_s) : 0;
  return scenery_->lit_shape(world_, at_rest_, static_cast<int>(std::lround(closure * kEyelidLevels)));
}

}  // namespace nearfar::rig
