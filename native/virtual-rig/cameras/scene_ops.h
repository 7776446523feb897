// The scene's part of the control protocol: `scene`, `stage`, `render`, `sceneTruth`, `truth`, and its
// share of `status`.
#pragma once

#include <atomic>

#include "board/board.h"
#include "cameras/rig_setup.h"
#include "cameras/scene_state.h"
#include "cameras/truth_log.h"
#include "control/control_server.h"

namespace nearfar::rig {

/// What the ops work on; all outlive the server's running time.
struct SceneOps {
  /// Null in a rig without optics.
  TracedRig* traced;
  SceneState& scene;
  TruthLog& truth;
  Board& board;
  /// true: the rig is about to end.
  const std::atomic<bool>& interrupted;

  void register_on(ControlServer& server) const;
};

}  // namespace nearfar::rig
