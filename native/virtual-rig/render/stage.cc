#include "render/stage.h"

#include <cmath>

namespace nearfar::rig {
namespace {

World standing_at(World world, double eye_plane_mm) {
  world.eye_plane_mm = eye_plane_mm;
  return world;
}

}  // namespace

Stage::Stage(const World& world, Views views, std::shared_ptr<Scenery> scenery, double eye_plane_mm, bool honest)
    : world_(standing_at(world, eye_plane_mm)),
      views_(std::move(views)),
      scenery_(std::move(scenery)),
      honest_(honest),
      at_rest_(world.kind == SceneKind::subject ? subject_pose(world.subject, eye_plane_mm) : world_.target_pose()) {
  if (has_object()) scenery_->lit_shape(world_, at_rest_, 0);
}

Rigid Stage::pose(double time_s) const { return moved_pose(at_rest_, world_.motion, time_s); }

std::shared_ptr<const LitShape> Stage::shape_at(double time_s) const {
  if (!has_object()) return nullptr;
  const double closure = world_.kind == SceneKind::subject ? blink_at(world_.motion, time_s) : 0;
  return scenery_->lit_shape(world_, at_rest_, static_cast<int>(std::lround(closure * kEyelidLevels)));
}

}  // namespace nearfar::rig
