#include "job_thread.h"

#include <utility>

namespace nearfar::aravis {

JobThread::JobThread() : thread_([this](const std::stop_token& stopping) { run(stopping); }) {}

JobThread::~JobThread() { stop(); }

void JobThread::post(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    if (thread_.get_stop_token().stop_requested()) return;
    jobs_.push_back(std::move(job));
  }
  changed_.notify_one();
}

void JobThread::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  const std::lock_guard lock(mutex_);
  jobs_.clear();
}

void JobThread::run(const std::stop_token& stopping) {
  while (true) {
    std::function<void()> job;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, stopping, [this] { return !jobs_.empty(); });
      if (stopping.stop_requested()) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    job();
  }
}

}  // namespace nearfar::aravis
