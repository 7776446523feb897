#include "addon.h"

#include <algorithm>
#include <vector>

#include "../core/discovery.h"
#include "convert.h"
#include "operation.h"

namespace nearfar::aravis {

Addon::Addon(Napi::Env env, Napi::Object exports)
    : bridge_(env, "nearfar-aravis"), camera_class_(Napi::Persistent(CameraWrap::define(env))) {
  DefineAddon(exports, {InstanceMethod("discover", &Addon::discover), InstanceMethod("open", &Addon::open)});
  // Hooks run in reverse order: this one before the hook of the bridge's thread-safe function.
  env.AddCleanupHook([](Addon* self) { self->shut_down(); }, this);
}

std::shared_ptr<CameraSession> Addon::new_session() {
  std::erase_if(sessions_, [](const std::weak_ptr<CameraSession>& session) { return session.expired(); });
  auto session = std::make_shared<CameraSession>();
  sessions_.push_back(session);
  return session;
}

Napi::Value Addon::discover(const Napi::CallbackInfo& info) {
  return run_operation(
      info.Env(), bridge_, discovery_thread_, [] { return nearfar::aravis::discover(); },
      [](Napi::Env env, const std::vector<DeviceInfo>& devices) -> Napi::Value {
        Napi::Array list = Napi::Array::New(env, devices.size());
        for (std::uint32_t i = 0; i < devices.size(); ++i) list.Set(i, device_to(env, devices[i], ""));
        return list;
      });
}

Napi::Value Addon::open(const Napi::CallbackInfo& info) { return CameraWrap::open(info, *this); }

void Addon::shut_down() {
  discovery_thread_.stop();
  for (const std::weak_ptr<CameraSession>& session : sessions_) {
    if (const auto open = session.lock()) open->shut_down();
  }
}

}  // namespace nearfar::aravis

namespace {
Napi::Object init(Napi::Env env, Napi::Object exports) {
  return nearfar::aravis::Addon::Init(env, exports);
}
}  // namespace
NODE_API_MODULE(nearfar_aravis, init)
