#include "failure.h"

namespace nearfar::addon {

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

}  // namespace nearfar::addon
