#pragma once

#include <deque>
#include <mutex>
#include <optional>

#include "frame.h"

namespace nearfar::aravis {

/// Frames that have arrived and nobody has taken yet, oldest first. Any thread.
class FrameQueue {
 public:
  void push(const Frame& frame) {
    const std::lock_guard lock(mutex_);
    frames_.push_back(frame);
  }

  /// The oldest frame, or nothing.
  std::optional<Frame> take() {
    const std::lock_guard lock(mutex_);
    if (frames_.empty()) return std::nullopt;
    const Frame frame = frames_.front();
    frames_.pop_front();
    return frame;
  }

  void clear() {
    const std::lock_guard lock(mutex_);
    frames_.clear();
  }

 private:
  std::mutex mutex_;
  std::deque<Frame> frames_;
};

}  // namespace nearfar::aravis
