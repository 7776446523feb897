// The scene before the cameras: one world for both, and the moment its motion began.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include "board/board.h"
#include "world/world.h"

namespace nearfar::rig {

/// A snapshot: enough to render or to tell the truth of a shot at any later time.
struct Scene {
  std::shared_ptr<const World> world = std::make_shared<const World>();
  /// Time 0 of the world's motion.
  Tick since = 0;

  double seconds_at(Tick tick) const { return static_cast<double>(tick - since) * kNsPerTick * 1e-9; }
};

/// Thread-safe; no call takes long.
class SceneState {
 public:
  Scene now() const {
    const std::lock_guard lock(mutex_);
    return scene_;
  }

  /// In force for shots that are triggered from now on.
  /// @param change makes the next scene of the present one; no boot can come between. It must be short.
  template <class Change>
  void update(Change change) {
    const std::lock_guard lock(mutex_);
    scene_ = change(std::as_const(scene_));
  }

  /// The board's ticks start anew, and with them the motion.
  void restart() {
    const std::lock_guard lock(mutex_);
    scene_.since = 0;
  }

 private:
  mutable std::mutex mutex_;
  Scene scene_;
};

}  // namespace nearfar::rig
