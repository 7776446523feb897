#pragma once

#include <napi.h>

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "../core/job_thread.h"
#include "../../addon/bridge.h"
#include "failure.h"

namespace nearfar::aravis {

/// Result type of computations that return nothing.
struct Nothing {};

/// A native call in three steps: the caller has copied the arguments into `compute`; `compute`
/// runs on `thread` and touches no JS; `build(env, result)` makes the JS value that the returned
/// promise resolves with. An exception of `compute` rejects it, with the caller's JS stack.
/// The event loop stays alive until then. `on_failure(env)` undoes on the JS thread what the
/// caller had prepared. JS thread.
template <typename Compute, typename Build, typename OnFailure>
Napi::Promise run_operation(Napi::Env env, addon::Bridge& bridge, JobThread& thread, Compute compute, Build build,
                            OnFailure on_failure) {
  using Result = std::invoke_result_t<Compute&>;
  const auto deferred = Napi::Promise::Deferred::New(env);
  bridge.hold(env);
  thread.post([&bridge, deferred, stack = capture_stack(env), compute = std::move(compute),
               build = std::move(build), on_failure = std::move(on_failure)]() mutable {
    auto result = std::make_shared<std::optional<Result>>();
    Failure failure;
    try {
      *result = compute();
    } catch (...) {
      failure = failure_of(std::current_exception());
    }
    bridge.post([&bridge, deferred, stack, failure, result, build, on_failure](Napi::Env env_then) {
      bridge.drop(env_then);
      if (*result) {
        deferred.Resolve(build(env_then, std::move(**result)));
      } else {
        on_failure(env_then);
        deferred.Reject(error_of(env_then, failure, stack).Value());
      }
    });
  });
  return deferred.Promise();
}

template <typename Compute, typename Build>
Napi::Promise run_operation(Napi::Env env, addon::Bridge& bridge, JobThread& thread, Compute compute, Build build) {
  return run_operation(env, bridge, thread, std::move(compute), std::move(build), [](Napi::Env) {});
}

}  // namespace nearfar::aravis
