#pragma once

#include <napi.h>

#include <memory>

#include "job_desk.h"

namespace nearfar::vision {

class Addon;

/// The JS class `NativeVision` of src/native/vision.ts, which documents its methods.
class VisionWrap : public Napi::ObjectWrap<VisionWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  static Napi::Value create(const Napi::CallbackInfo& info, Addon& addon);

  explicit VisionWrap(const Napi::CallbackInfo& info);

 private:
  Napi::Value find_board(const Napi::CallbackInfo& info);
  Napi::Value find_chart(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  std::unique_ptr<JobDesk> desk_;
};

}  // namespace nearfar::vision
