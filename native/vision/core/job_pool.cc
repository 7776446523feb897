#include "job_pool.h"

#include <utility>

namespace nearfar::vision {

JobPool::JobPool(std::size_t greatest_threads) : greatest_threads_(greatest_threads) {}

JobPool::~JobPool() { stop(); }

void JobPool::post(std::function<void()> job) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return;
  // The thread first: if it cannot begin, the job is not taken.
  if (jobs_.size() >= idle_ && threads_.size() < greatest_threads_) threads_.emplace_back([this] { run(); });
  jobs_.push_back(std::move(job));
  changed_.notify_one();
}

void JobPool::stop() {
  std::vector<std::thread> ending;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    jobs_.clear();
    ending.swap(threads_);
  }
  changed_.notify_all();
  for (std::thread& thread : ending) thread.join();
}

void JobPool::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    idle_ += 1;
    changed_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    idle_ -= 1;
    if (stopping_) return;
    const std::function<void()> job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
    lock.lock();
  }
}

}  // namespace nearfar::vision
