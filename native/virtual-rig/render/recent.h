// Things that are dear to build and worth keeping for a while.
#pragma once

#include <algorithm>
#include <cstdint>
#include <exception>
#include <future>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace nearfar::rig {

/// Keeps the `capacity` values asked for last; those still in use elsewhere live on. Thread-safe: whoever asks for a
/// value that is being built waits for it, and for no other. A build that throws is forgotten, and throws for all who
/// waited.
template <typename T>
class Recent {
 public:
  explicit Recent(std::size_t capacity) : capacity_(capacity) {}

  template <typename Build>
  std::shared_ptr<const T> get(const std::string& key, Build build) {
    std::promise<Value> promise;
    std::shared_future<Value> value;
    std::optional<std::uint64_t> own_number;
    {
      const std::lock_guard lock(mutex_);
      const auto found = std::ranges::find(kept_, key, &Entry::key);
      if (found != kept_.end()) {
        kept_.splice(kept_.begin(), kept_, found);
      } else {
        own_number = next_number_++;
        kept_.push_front({key, *own_number, promise.get_future().share()});
        if (kept_.size() > capacity_) kept_.pop_back();
      }
      value = kept_.front().value;
    }
    if (own_number) {
      try {
        promise.set_value(build());
      } catch (...) {
        forget(*own_number);
        promise.set_exception(std::current_exception());
      }
    }
    return value.get();
  }

 private:
  using Value = std::shared_ptr<const T>;
  struct Entry {
    std::string key;
    /// Tells it from a later one of the same key.
    std::uint64_t number;
    std::shared_future<Value> value;
  };

  void forget(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    std::erase_if(kept_, [&](const Entry& entry) { return entry.number == number; });
  }

  std::size_t capacity_;
  std::mutex mutex_;
  std::list<Entry> kept_;
  std::uint64_t next_number_ = 0;
};

}  // namespace nearfar::rig
