#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace nearfar::aravis {

/// One thread that runs jobs in the order in which they were posted. A job must not throw.
class JobThread {
 public:
  JobThread();
  ~JobThread();
  JobThread(const JobThread&) = delete;
  JobThread& operator=(const JobThread&) = delete;

  /// Any thread. Ignored after `stop`.
  void post(std::function<void()> job);

  /// Drops the jobs that have not begun and waits for the one that runs. May be called twice,
  /// not from a job.
  void stop();

  /// Long jobs watch this to give up early when `stop` is called.
  std::stop_token stop_token() const { return thread_.get_stop_token(); }

 private:
  void run(const std::stop_token& stopping);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::function<void()>> jobs_;
  std::jthread thread_;  // last: the rest must exist before it runs
};

}  // namespace nearfar::aravis
