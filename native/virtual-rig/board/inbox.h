// Work for the board thread from other threads.
#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <functional>
#include <mutex>
#include <system_error>
#include <utility>
#include <vector>

namespace nearfar::rig {

class Inbox {
 public:
  using Action = std::function<void()>;

  Inbox() : wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (wake_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  }
  ~Inbox() { close(wake_); }
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;

  /// Readable while something waits: what the board thread polls.
  int fd() const { return wake_; }

  void post(Action action) {
    {
      std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(action));
      has_work_.store(true, std::memory_order_release);
    }
    eventfd_write(wake_, 1);
  }

  /// Runs what waits, on the calling (board) thread. Cheap when nothing does.
  void run() {
    if (!has_work_.load(std::memory_order_acquire)) return;
    std::vector<Action> actions;
    {
      std::lock_guard lock(mutex_);
      actions.swap(waiting_);
      has_work_.store(false, std::memory_order_release);
      eventfd_t count = 0;
      eventfd_read(wake_, &count);
    }
    for (const Action& action : actions) action();
  }

 private:
  int wake_;
  std::mutex mutex_;
  std::vector<Action> waiting_;
  std::atomic<bool> has_work_{false};
};

}  // namespace nearfar::rig
