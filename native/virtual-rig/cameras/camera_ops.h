// The cameras' part of the control protocol: `timing`, the `near` and `far` members of `faults`, and
// their share of `seed` and `status`.
#pragma once

#include "cameras/virtual_camera.h"
#include "control/control_server.h"

namespace nearfar::rig {

/// All references must outlive the server's running time.
void register_camera_ops(ControlServer& server, VirtualCamera& near, VirtualCamera& far);

}  // namespace nearfar::rig
