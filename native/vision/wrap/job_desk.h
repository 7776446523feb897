#pragma once

#include <napi.h>

#include <functional>
#include <list>
#include <memory>
#include <vector>

#include "../../addon/bridge.h"
#include "../core/cancel_flag.h"
#include "session.h"

namespace nearfar::vision {

/// Takes the questions of one JS object to the threads of a session and their answers back. It lives in the wrapped
/// object, which it keeps alive while there are jobs. JS thread.
class JobDesk {
 public:
  /// Builds the JS value of a result; JS thread.
  using Build = std::function<Napi::Value(Napi::Env)>;
  /// Computes, on a thread of the pool, and says how to build the result from what it found. May throw.
  using Compute = std::function<Build(const CancelFlag&)>;

  JobDesk(addon::Bridge& bridge, std::shared_ptr<Session> session);

  /// The desk of the object that was called; a JS TypeError for one that JS made by its class alone.
  static JobDesk& of(const std::unique_ptr<JobDesk>& desk, const Napi::CallbackInfo& info);

  /// @param info of the call to the JS object that the desk lives in.
  /// @param held JS object that lives until the job has ended; may be empty.
  /// @returns {answer: Promise, cancel()}.
  /// @throws the JS error CLOSED after `close`.
  Napi::Value ask(const Napi::CallbackInfo& info, Compute compute, Napi::Object held = {});
  /// Cancels what is under way. @returns a promise of the end of the threads.
  Napi::Value close(Napi::Env env);

 private:
  using Held = std::list<Napi::ObjectReference>;

  void settle(Napi::Env env, std::list<CancelFlag>::iterator job, Held::iterator held);

  addon::Bridge& bridge_;
  std::shared_ptr<Session> session_;
  Napi::ObjectReference owner_;  // strong while there are jobs
  Held held_;
  bool closed_ = false;
  std::vector<Napi::Promise::Deferred> closers_;
};

}  // namespace nearfar::vision
