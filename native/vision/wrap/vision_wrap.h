#pragma once

#include <napi.h>

#include <list>
#include <memory>
#include <vector>

#include "../core/cancel_flag.h"
#include "../core/job_pool.h"
#include "../../addon/bridge.h"

namespace nearfar::vision {

/// The threads of one `Vision` and the flags of the jobs that are under way. JS thread.
struct VisionSession {
  std::list<CancelFlag> active;
  JobPool pool;

  explicit VisionSession(std::size_t threads) : pool(threads) {}
  void cancel_all() {
    for (const CancelFlag& flag : active) flag.cancel();
  }
  /// Ends all work, waiting for the steps that run; for the environment's end and after the last job.
  void shut_down() {
    cancel_all();
    pool.stop();
  }
};

class Addon;

/// The JS class `NativeVision` of src/native/vision.ts, which documents its methods. It is kept alive while it has
/// jobs.
class VisionWrap : public Napi::ObjectWrap<VisionWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  static Napi::Value create(const Napi::CallbackInfo& info, Addon& addon);

  explicit VisionWrap(const Napi::CallbackInfo& info);

 private:
  Napi::Value find_board(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);
  /// A job has settled: the last one after `close` ends the threads.
  void settle(Napi::Env env, std::list<CancelFlag>::iterator job);

  addon::Bridge* bridge_ = nullptr;
  std::shared_ptr<VisionSession> session_;
  bool closed_ = false;
  std::vector<Napi::Promise::Deferred> closers_;
};

}  // namespace nearfar::vision
