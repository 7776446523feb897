// Every edge of every line, and to which shot and trigger it belongs. Written by the board thread,
// read by any.
#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <vector>

#include "board/board.h"

namespace nearfar::rig {

class EdgeLog {
 public:
  /// The chip boots: what was known of the last boot's shots is void; the edges stay.
  void restart();
  /// The chip will never tell its boot id.
  void give_up();
  /// Learns boot id and armed shot from the board's own frames.
  void learn(const BoardFrame& frame);
  /// Keeps the edge; the result says which shot and trigger it belongs to.
  Edge add(Pin pin, bool level, Tick tick);

  ShotContext shot() const;
  /// Every edge since the last call, oldest first.
  std::vector<Edge> take();
  /// False when the boot id was not told within `timeout`.
  bool wait_for_boot(std::chrono::milliseconds timeout) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  ShotContext shot_;
  std::array<std::uint32_t, kArms.size()> triggers_{};  // rising edges of each trigger line since boot
  std::vector<Edge> edges_;
  bool given_up_ = false;
};

}  // namespace nearfar::rig
