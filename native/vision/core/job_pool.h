#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace nearfar::vision {

/// Threads that take jobs in the order in which they were posted. They are begun as jobs need them, up to a number,
/// and stay until `stop`. A job must not throw.
class JobPool {
 public:
  explicit JobPool(std::size_t greatest_threads);
  ~JobPool();
  JobPool(const JobPool&) = delete;
  JobPool& operator=(const JobPool&) = delete;

  /// Any thread. Ignored after `stop`.
  void post(std::function<void()> job);

  /// Drops the jobs that have not begun and waits for those that run. May be called twice, not from a job.
  void stop();

 private:
  void run();

  const std::size_t greatest_threads_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  std::size_t idle_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace nearfar::vision
