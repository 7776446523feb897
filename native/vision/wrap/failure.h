#pragma once

#include <napi.h>

#include <exception>
#include <string>

namespace nearfar::vision {

/// Plain copy of an exception, to be carried from thread to thread.
struct Failure {
  std::string code;  ///< USAGE, CLOSED or CANCELLED; empty for what core does not raise on purpose.
  std::string message;
};

Failure failure_of(const std::exception_ptr& exception);

/// The frames of the JS stack right now, to be attached to a failure that is found later.
std::string capture_stack(Napi::Env env);

/// A JS Error with `code`, and with the captured frames as its stack when there are any.
Napi::Error error_of(Napi::Env env, const Failure& failure, const std::string& stack_frames = "");

}  // namespace nearfar::vision
