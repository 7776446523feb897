#include "board/edge_log.h"

#include <algorithm>
#include <utility>

#include "board/frame_tap.h"

namespace nearfar::rig {
namespace {

// Beyond this many the older half goes.
constexpr std::size_t kMostEdges = 1'000'000;

}  // namespace

void EdgeLog::restart() {
  std::lock_guard lock(mutex_);
  shot_ = {};
  triggers_ = {};
  given_up_ = false;
}

void EdgeLog::give_up() {
  {
    std::lock_guard lock(mutex_);
    given_up_ = true;
  }
  changed_.notify_all();
}

void EdgeLog::learn(const BoardFrame& frame) {
  {
    std::lock_guard lock(mutex_);
    learn_from(frame, shot_);
  }
  changed_.notify_all();
}

Edge EdgeLog::add(Pin pin, bool level, Tick tick) {
  std::lock_guard lock(mutex_);
  Edge edge{pin, level, tick, {}};
  for (const Arm arm : kArms)
    if (level && pin == trigger_pin(arm)) ++triggers_[static_cast<std::size_t>(arm)];
  shot_.trigger_number = *std::max_element(triggers_.begin(), triggers_.end());
  edge.shot = shot_;
  for (const Arm arm : kArms)
    if (pin == trigger_pin(arm)) edge.shot.trigger_number = triggers_[static_cast<std::size_t>(arm)];
  if (edges_.size() >= kMostEdges) edges_.erase(edges_.begin(), edges_.begin() + kMostEdges / 2);
  edges_.push_back(edge);
  return edge;
}

ShotContext EdgeLog::shot() const {
  std::lock_guard lock(mutex_);
  return shot_;
}

std::vector<Edge> EdgeLog::take() {
  std::lock_guard lock(mutex_);
  return std::exchange(edges_, {});
}

bool EdgeLog::wait_for_boot(std::chrono::milliseconds timeout) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, timeout, [this] { return given_up_ || !shot_.boot_id.empty(); });
  return !shot_.boot_id.empty();
}

}  // namespace nearfar::rig
