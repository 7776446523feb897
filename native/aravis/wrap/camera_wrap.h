#pragma once

#include <napi.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "../core/camera.h"
#include "../core/job_thread.h"
#include "../../addon/bridge.h"

namespace nearfar::aravis {

/// An open camera as both threads share it: `camera` is used on `thread`, apart from its
/// non-blocking calls.
struct CameraSession {
  /// Not begun, or closed: no camera.
  std::unique_ptr<Camera> camera;
  /// A wake-up is on its way to the JS thread; more would tell it nothing new.
  std::atomic<bool> wake_posted{false};
  JobThread thread;  // last: its jobs use the members above

  /// Ends the camera at once. JS thread; blocks, so only for the environment's end.
  void shut_down() {
    thread.stop();
    camera.reset();
  }
};

class Addon;

/// The JS class `NativeCamera` of src/native/aravis.ts, which documents its methods.
///
/// While its camera is open the JS object is kept alive, and so are the buffers of a started
/// camera, because native threads write into them.
class CameraWrap : public Napi::ObjectWrap<CameraWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  /// The promise of `addon.open(serial, wake)`.
  static Napi::Value open(const Napi::CallbackInfo& info, Addon& addon);

  explicit CameraWrap(const Napi::CallbackInfo& info);

 private:
  Napi::Value configure(const Napi::CallbackInfo& info);
  Napi::Value start(const Napi::CallbackInfo& info);
  Napi::Value stop(const Napi::CallbackInfo& info);
  Napi::Value take(const Napi::CallbackInfo& info);
  Napi::Value release(const Napi::CallbackInfo& info);
  Napi::Value statistics(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  /// The open camera. @throws Napi::Error CLOSED after `close`.
  Camera& camera(Napi::Env env);
  void wake();
  void unpin(Napi::Env env);

  Addon* addon_ = nullptr;
  std::shared_ptr<CameraSession> session_;
  Napi::FunctionReference wake_;
  /// Keeps the buffers of a started camera alive; a started camera also holds the event loop.
  Napi::Reference<Napi::Array> pinned_;
  bool closed_ = false;
};

}  // namespace nearfar::aravis
