// Errors on their way from native threads to JavaScript.
#pragma once

#include <napi.h>

#include <string>

namespace nearfar::addon {

/// Plain copy of an exception, to be carried from thread to thread.
struct Failure {
  std::string code;  ///< Of src/base/errors.ts or the addon's own; empty for what core does not raise on purpose.
  std::string message;
};

/// The frames of the JS stack right now, to be attached to a failure that is found later.
std::string capture_stack(Napi::Env env);

/// A JS Error with `code`, and with the captured frames as its stack when there are any.
Napi::Error error_of(Napi::Env env, const Failure& failure, const std::string& stack_frames = "");

}  // namespace nearfar::addon
