// The cameras' part of the control protocol: `scene`, `stage`, `timing`, `truth`, the `near` and
// `far` members of `faults`, and their share of `seed` and `status`.
#pragma once

#include <optional>
#include <string_view>

#include "cameras/truth_log.h"
#include "cameras/virtual_camera.h"
#include "control/control_server.h"

namespace nearfar::rig {

/// @returns nothing for an unknown name.
std::optional<SceneKind> find_scene(std::string_view name);

/// All references must outlive the server's running time.
void register_camera_ops(ControlServer& server, VirtualCamera& near, VirtualCamera& far, TruthLog& truth);

}  // namespace nearfar::rig
