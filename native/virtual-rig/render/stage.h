// The world's object at any time, and the two views of it.
#pragma once

#include <array>
#include <memory>

#include "render/arm_view.h"
#include "render/renderer.h"
#include "render/scenery.h"

namespace nearfar::rig {

/// Immutable and thread-safe. Cheap: what is dear lies in the scenery and the views.
class Stage {
 public:
  using Views = std::array<std::shared_ptr<const ArmView>, 2>;

  /// Throws AssetError for an object that does not exist.
  Stage(const World& world, Views views, std::shared_ptr<Scenery> scenery, double eye_plane_mm, bool honest);

  const World& world() const { return world_; }
  const ArmView& view(Arm arm) const { return *views_[static_cast<std::size_t>(arm)]; }
  const Studio& studio() const { return scenery_->studio(); }
  double eye_plane_mm() const { return world_.eye_plane_mm; }
  bool honest() const { return honest_; }

  bool has_object() const { return world_.kind == SceneKind::target || world_.kind == SceneKind::subject; }
  /// T_rig_object.
  Rigid pose(double time_s) const;
  /// With the eyelids of that time, in steps. Null without an object.
  std::shared_ptr<const LitShape> shape_at(double time_s) const;

 private:
  World world_;
  Views views_;
  std::shared_ptr<Scenery> scenery_;
  bool honest_;
  Rigid at_rest_;
};

}  // namespace nearfar::rig
