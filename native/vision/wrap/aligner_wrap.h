#pragma once

#include <napi.h>

#include <memory>

#include "job_desk.h"
#include "thread_shares.h"

namespace nearfar::vision {

class Addon;

/// The JS class `NativeAligner` of src/native/aligner.ts, which documents its methods.
class AlignerWrap : public Napi::ObjectWrap<AlignerWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  static Napi::Value create(const Napi::CallbackInfo& info, Addon& addon);

  explicit AlignerWrap(const Napi::CallbackInfo& info);

 private:
  Napi::Value resample(const Napi::CallbackInfo& info);
  Napi::Value match_radially(const Napi::CallbackInfo& info);
  Napi::Value fuse(const Napi::CallbackInfo& info);
  Napi::Value align_planes(const Napi::CallbackInfo& info);
  Napi::Value flow_sparsely(const Napi::CallbackInfo& info);
  Napi::Value read_raw_file(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  std::unique_ptr<JobDesk> desk_;
  ThreadShares shares_{1};
};

}  // namespace nearfar::vision
