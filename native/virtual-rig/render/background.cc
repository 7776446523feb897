#include "render/background.h"

namespace nearfar::rig {

Background::Background(const World& world) {
  if (world.kind == SceneKind::flat) base_ = 1;
  if (world.kind == SceneKind::target) base_ = world.target == "point-light" ? 0 : 0.05F;
  if (world.kind == SceneKind::subject) {
    base_ = 0.05F;
    glow_ = 0.12F;
  }
}

}  // namespace nearfar::rig
