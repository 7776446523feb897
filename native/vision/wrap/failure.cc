#include "failure.h"

#include <stdexcept>

#include "../core/cancel_flag.h"

namespace nearfar::vision {

Failure failure_of(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const Cancelled& error) {
    return {"CANCELLED", error.what()};
  } catch (const std::invalid_argument& error) {
    return {"USAGE", error.what()};
  } catch (const std::exception& error) {
    return {"", error.what()};
  } catch (...) {
    return {"", "a native call failed without saying why"};
  }
}

std::string capture_stack(Napi::Env env) {
  const Napi::Value stack = Napi::Error::New(env, "").Value().Get("stack");
  if (!stack.IsString()) return "";
  const std::string text = stack.As<Napi::String>().Utf8Value();
  const std::size_t first_frame = text.find('\n');
  return first_frame == std::string::npos ? "" : text.substr(first_frame);
}

Napi::Error error_of(Napi::Env env, const Failure& failure, const std::string& stack_frames) {
  const Napi::Error error = Napi::Error::New(env, failure.message);
  if (!failure.code.empty()) error.Value().Set("code", failure.code);
  if (!stack_frames.empty()) error.Value().Set("stack", "Error: " + failure.message + stack_frames);
  return error;
}

}  // namespace nearfar::vision
