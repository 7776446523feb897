#pragma once

#include <atomic>
#include <memory>
#include <stdexcept>

namespace nearfar::vision {

/// Thrown out of a computation whose result nobody wants any more.
class Cancelled : public std::runtime_error {
 public:
  Cancelled() : std::runtime_error("cancelled") {}
};

/// The asker's side sets it, the computation looks at it between its steps. Copies share one flag.
class CancelFlag {
 public:
  void cancel() const { *cancelled_ = true; }
  bool is_cancelled() const { return *cancelled_; }
  void check() const {
    if (*cancelled_) throw Cancelled();
  }

 private:
  std::shared_ptr<std::atomic<bool>> cancelled_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace nearfar::vision
