#pragma once

#include <napi.h>

#include <memory>
#include <vector>

#include "../core/job_thread.h"
#include "../../addon/bridge.h"
#include "camera_wrap.h"

namespace nearfar::aravis {

/// Everything of one environment (the main thread's or a worker's); there are no globals.
class Addon : public Napi::Addon<Addon> {
 public:
  Addon(Napi::Env env, Napi::Object exports);

  addon::Bridge& bridge() { return bridge_; }
  Napi::FunctionReference& camera_class() { return camera_class_; }
  /// A session that `shut_down` will find if nobody closes it before.
  std::shared_ptr<CameraSession> new_session();

 private:
  Napi::Value discover(const Napi::CallbackInfo& info);
  Napi::Value open(const Napi::CallbackInfo& info);
  /// Runs before the environment's thread-safe functions die: afterwards no thread is left that
  /// could call one.
  void shut_down();

  addon::Bridge bridge_;
  Napi::FunctionReference camera_class_;
  std::vector<std::weak_ptr<CameraSession>> sessions_;
  JobThread discovery_thread_;
};

}  // namespace nearfar::aravis
