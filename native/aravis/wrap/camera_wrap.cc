#include "camera_wrap.h"

#include <utility>

#include "../core/camera_error.h"
#include "addon.h"
#include "convert.h"
#include "operation.h"

namespace nearfar::aravis {

Napi::Function CameraWrap::define(Napi::Env env) {
  return DefineClass(env, "NativeCamera",
                     {InstanceMethod<&CameraWrap::configure>("configure"),
                      InstanceMethod<&CameraWrap::start>("start"), InstanceMethod<&CameraWrap::stop>("stop"),
                      InstanceMethod<&CameraWrap::take>("take"),
                      InstanceMethod<&CameraWrap::release>("release"),
                      InstanceMethod<&CameraWrap::statistics>("statistics"),
                      InstanceMethod<&CameraWrap::close>("close")});
}

Napi::Value CameraWrap::open(const Napi::CallbackInfo& info, Addon& addon) {
  const Napi::Env env = info.Env();
  if (!info[0].IsString() || !info[1].IsFunction()) {
    throw Napi::TypeError::New(env, "open takes a serial and a wake function");
  }
  const std::string serial = info[0].As<Napi::String>().Utf8Value();
  // The JS object exists from the beginning, so that it can be woken for a loss while opening.
  const Napi::Object object = addon.camera_class().New({});
  CameraWrap* self = Unwrap(object);
  self->addon_ = &addon;
  self->session_ = addon.new_session();
  self->wake_ = Napi::Persistent(info[1].As<Napi::Function>());
  self->Ref();

  CameraSession* session = self->session_.get();
  addon::Bridge* bridge = &addon.bridge();
  const auto on_wake = [self, session, bridge] {
    if (session->wake_posted.exchange(true)) return;
    bridge->post([self, session](Napi::Env) {
      session->wake_posted = false;
      self->wake();
    });
  };
  return run_operation(
      env, addon.bridge(), session->thread,
      [session, serial, on_wake]() -> std::pair<DeviceInfo, std::string> {
        session->camera = std::make_unique<Camera>(serial, on_wake, session->thread.stop_token());
        return {session->camera->info(), session->camera->firmware()};
      },
      [self](Napi::Env then, const std::pair<DeviceInfo, std::string>& opened) -> Napi::Value {
        self->Value().Set("device", device_to(then, opened.first, opened.second));
        return self->Value();
      },
      [self](Napi::Env) {
        self->closed_ = true;
        self->Unref();
      });
}

CameraWrap::CameraWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<CameraWrap>(info) {}

Camera& CameraWrap::camera(Napi::Env env) {
  if (closed_ || session_ == nullptr || session_->camera == nullptr) {
    throw error_of(env, {"CLOSED", "the camera is closed"});
  }
  return *session_->camera;
}

void CameraWrap::wake() {
  if (!closed_) wake_.Call({});
}

void CameraWrap::unpin(Napi::Env env) {
  if (pinned_.IsEmpty()) return;
  pinned_.Reset();
  addon_->bridge().drop(env);
}

Napi::Value CameraWrap::configure(const Napi::CallbackInfo& info) {
  Camera& open_camera = camera(info.Env());
  return run_operation(
      info.Env(), addon_->bridge(), session_->thread,
      [&open_camera, settings = settings_from(info[0])] { return open_camera.configure(settings); },
      [](Napi::Env env, const Configured& held) -> Napi::Value {
        Napi::Object object = Napi::Object::New(env);
        object.Set("settings", settings_to(env, held.settings));
        object.Set("payloadBytes", static_cast<double>(held.format.payload_bytes));
        return object;
      });
}

Napi::Value CameraWrap::start(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Camera& open_camera = camera(env);
  const std::vector<BufferSpan> buffers = buffers_from(info[0]);
  if (!pinned_.IsEmpty()) throw error_of(env, {"USAGE", "the camera is started already"});
  pinned_ = Napi::Persistent(info[0].As<Napi::Array>());
  addon_->bridge().hold(env);
  return run_operation(
      env, addon_->bridge(), session_->thread,
      [&open_camera, buffers] {
        open_camera.start(buffers);
        return Nothing{};
      },
      [](Napi::Env then, Nothing) -> Napi::Value { return then.Undefined(); },
      [this](Napi::Env then) { unpin(then); });
}

Napi::Value CameraWrap::stop(const Napi::CallbackInfo& info) {
  Camera& open_camera = camera(info.Env());
  return run_operation(
      info.Env(), addon_->bridge(), session_->thread,
      [&open_camera] {
        open_camera.stop();
        return Nothing{};
      },
      [this](Napi::Env env, Nothing) -> Napi::Value {
        unpin(env);
        return env.Undefined();
      },
      // However stop ended, the stream is gone by now and its thread writes no more.
      [this](Napi::Env env) { unpin(env); });
}

Napi::Value CameraWrap::take(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  try {
    const std::optional<Frame> frame = camera(env).take();
    return frame ? Napi::Value(frame_to(env, *frame)) : env.Null();
  } catch (const CameraError&) {
    throw error_of(env, failure_of(std::current_exception()));
  }
}

Napi::Value CameraWrap::release(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsNumber()) throw Napi::TypeError::New(env, "release takes a buffer number");
  camera(env).release(info[0].As<Napi::Number>().Uint32Value());
  return env.Undefined();
}

Napi::Value CameraWrap::statistics(const Napi::CallbackInfo& info) {
  return statistics_to(info.Env(), camera(info.Env()).statistics());
}

Napi::Value CameraWrap::close(const Napi::CallbackInfo& info) {
  camera(info.Env());
  closed_ = true;
  return run_operation(
      info.Env(), addon_->bridge(), session_->thread,
      [session = session_.get()] {
        session->camera.reset();
        return Nothing{};
      },
      [this](Napi::Env env, Nothing) -> Napi::Value {
        unpin(env);
        Unref();
        return env.Undefined();
      });
}

}  // namespace nearfar::aravis
