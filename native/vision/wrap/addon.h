#pragma once

#include <napi.h>

#include <memory>
#include <vector>

#include "../../addon/bridge.h"
#include "aligner_wrap.h"
#include "solver_wrap.h"
#include "vision_wrap.h"

namespace nearfar::vision {

/// Everything of one environment (the main thread's or a worker's); there are no globals.
class Addon : public Napi::Addon<Addon> {
 public:
  Addon(Napi::Env env, Napi::Object exports);

  addon::Bridge& bridge() { return bridge_; }
  Napi::FunctionReference& vision_class() { return vision_class_; }
  Napi::FunctionReference& solver_class() { return solver_class_; }
  Napi::FunctionReference& aligner_class() { return aligner_class_; }
  /// A session that `shut_down` will find if nobody closes it before.
  std::shared_ptr<Session> new_session(std::size_t threads);

 private:
  Napi::Value create_vision(const Napi::CallbackInfo& info);
  Napi::Value create_solver(const Napi::CallbackInfo& info);
  Napi::Value create_aligner(const Napi::CallbackInfo& info);
  /// Runs before the environment's thread-safe functions die: afterwards no thread is left that could call one.
  void shut_down();

  addon::Bridge bridge_;
  Napi::FunctionReference vision_class_;
  Napi::FunctionReference solver_class_;
  Napi::FunctionReference aligner_class_;
  std::vector<std::weak_ptr<Session>> sessions_;
};

}  // namespace nearfar::vision
