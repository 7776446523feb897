// What the optics file (`--optics`) sets up: the traced world, its cameras and the first scene.
#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <optional>

#include "board/pins.h"
#include "cameras/scene/traced_view.h"
#include "options.h"
#include "render/renderer.h"
#include "world/world.h"

namespace nearfar::rig {

/// A rig with optics. The renderer outlives the views.
struct TracedRig {
  std::unique_ptr<Renderer> renderer;
  std::array<std::unique_ptr<TracedView>, 2> views;

  const TracedView& view(Arm arm) const { return *views[static_cast<std::size_t>(arm)]; }
};

struct RigSetup {
  /// Null without an optics file.
  std::unique_ptr<TracedRig> traced;
  World first_world;
};

/// Reads the optics file, whose members are `optics`, `folders` {`targets`, `ictFaceKit`} and `scene`; without one
/// the rig shows the plane. Builds the first scene. Throws std::invalid_argument with a sentence for the user.
RigSetup set_up_rig(const RigOptions& options);

}  // namespace nearfar::rig
