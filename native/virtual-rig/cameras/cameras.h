// The two cameras of the rig: what main constructs.
#pragma once

#include <array>
#include <atomic>
#include <memory>

#include "board/board.h"
#include "cameras/rig_setup.h"
#include "cameras/scene_state.h"
#include "cameras/truth_log.h"
#include "cameras/virtual_camera.h"
#include "control/control_server.h"
#include "options.h"

namespace nearfar::rig {

/// The near and the far GigE Vision camera on loopback, wired to the board's trigger and feedback
/// lines, with their ops on the control server.
class Cameras {
 public:
  /// Before board and server start. Throws std::runtime_error when an address is taken,
  /// std::invalid_argument for an unknown pixel format or a wrong optics file.
  Cameras(const RigOptions& options, Board& board, ControlServer& server);
  Cameras(const Cameras&) = delete;
  Cameras& operator=(const Cameras&) = delete;

  void start();
  /// Ends renderings in progress that an op waits for, and refuses further ones.
  void interrupt() { interrupted_ = true; }
  void stop();  ///< Idempotent. The board may still call; it must stop before the cameras go away.

 private:
  void on_edge(const Edge& edge);

  RigSetup setup_;
  SceneState scene_;
  TruthLog truth_;
  std::atomic<bool> interrupted_{false};
  std::array<std::unique_ptr<VirtualCamera>, 2> cameras_;
};

}  // namespace nearfar::rig
