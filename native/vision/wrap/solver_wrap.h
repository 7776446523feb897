#pragma once

#include <napi.h>

#include <memory>

#include "job_desk.h"

namespace nearfar::vision {

class Addon;

/// The JS class `NativeSolver` of src/native/solver.ts, which documents its methods.
class SolverWrap : public Napi::ObjectWrap<SolverWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  static Napi::Value create(const Napi::CallbackInfo& info, Addon& addon);

  explicit SolverWrap(const Napi::CallbackInfo& info);

 private:
  Napi::Value solve_bundle(const Napi::CallbackInfo& info);
  Napi::Value projection_uncertainty(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  std::unique_ptr<JobDesk> desk_;
};

}  // namespace nearfar::vision
