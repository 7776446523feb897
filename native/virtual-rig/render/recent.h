// Things that are dear to build and worth keeping for a while.
#pragma once

#include <algorithm>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace nearfar::rig {

/// Keeps the `capacity` values asked for last; those still in use elsewhere live on. Thread-safe: whoever asks
/// for a value that is being built waits for it.
template <typename T>
class Recent {
 public:
  explicit Recent(std::size_t capacity) : capacity_(capacity) {}

  template <typename Build>
  std::shared_ptr<const T> get(const std::string& key, Build build) {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(kept_.begin(), kept_.end(), [&](const auto& entry) { return entry.first == key; });
    if (found != kept_.end()) {
      kept_.splice(kept_.begin(), kept_, found);
    } else {
      kept_.emplace_front(key, build());
      if (kept_.size() > capacity_) kept_.pop_back();
    }
    return kept_.front().second;
  }

 private:
  std::size_t capacity_;
  std::mutex mutex_;
  std::list<std::pair<std::string, std::shared_ptr<const T>>> kept_;
};

}  // namespace nearfar::rig
