#pragma once

#include <list>

#include "../core/cancel_flag.h"
#include "../core/job_pool.h"

namespace nearfar::vision {

/// The threads of one `Vision` or `Solver` and the flags of the jobs that are under way. JS thread.
struct Session {
  std::list<CancelFlag> active;
  JobPool pool;

  explicit Session(std::size_t threads) : pool(threads) {}
  void cancel_all() {
    for (const CancelFlag& flag : active) flag.cancel();
  }
  /// Ends all work, waiting for the steps that run; for the environment's end and after the last job.
  void shut_down() {
    cancel_all();
    pool.stop();
  }
};

}  // namespace nearfar::vision
