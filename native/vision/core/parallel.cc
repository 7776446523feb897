#include "parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace nearfar::vision {
namespace {

class Loop {
 public:
  Loop(std::size_t count, const CancelFlag& flag, const std::function<void(std::size_t)>& step)
      : count_(count), flag_(flag), step_(step) {}

  void run() noexcept {
    for (std::size_t index = next_++; index < count_; index = next_++) {
      try {
        flag_.check();
        step_(index);
      } catch (...) {
        fail(index);
      }
    }
  }

  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  void fail(std::size_t index) noexcept {
    next_ = count_;
    const std::lock_guard lock(mutex_);
    if (failure_ && failed_ < index) return;
    failure_ = std::current_exception();
    failed_ = index;
  }

  const std::size_t count_;
  const CancelFlag& flag_;
  const std::function<void(std::size_t)>& step_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;
  std::exception_ptr failure_;
  std::size_t failed_ = 0;
};

}  // namespace

void for_each_index(std::size_t threads, std::size_t count, const CancelFlag& flag,
                    const std::function<void(std::size_t)>& step) {
  Loop loop(count, flag, step);
  {
    std::vector<std::jthread> helpers;
    try {
      while (helpers.size() + 1 < std::min(threads, count)) helpers.emplace_back([&loop] { loop.run(); });
    } catch (const std::system_error&) {
      // The system has no more threads: those that run do the work.
    }
    loop.run();
  }
  loop.rethrow();
}

}  // namespace nearfar::vision
