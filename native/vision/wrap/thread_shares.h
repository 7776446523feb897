#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>

namespace nearfar::vision {

/// The threads of an aligner, shared out evenly among the jobs that have been asked for and have not ended. Copies
/// share one count.
class ThreadShares {
 public:
  explicit ThreadShares(std::size_t threads) : threads_(threads) {}

  /// One job's part, from when it is asked for until the last copy goes.
  class Share {
   public:
    Share(std::size_t threads, std::shared_ptr<std::atomic<std::size_t>> jobs)
        : threads_(threads), jobs_(std::move(jobs)) {
      ++*jobs_;
    }
    ~Share() { --*jobs_; }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    /// How many threads the job may use now, its own among them.
    std::size_t threads() const { return std::max<std::size_t>(1, threads_ / std::max<std::size_t>(1, *jobs_)); }

   private:
    std::size_t threads_;
    std::shared_ptr<std::atomic<std::size_t>> jobs_;
  };

  std::shared_ptr<const Share> take() const { return std::make_shared<const Share>(threads_, jobs_); }

 private:
  std::size_t threads_;
  std::shared_ptr<std::atomic<std::size_t>> jobs_ = std::make_shared<std::atomic<std::size_t>>(0);
};

}  // namespace nearfar::vision
