#include "addon.h"

#include <algorithm>

namespace nearfar::vision {

Addon::Addon(Napi::Env env, Napi::Object exports)
    : bridge_(env, "nearfar-vision"),
      vision_class_(Napi::Persistent(VisionWrap::define(env))),
      solver_class_(Napi::Persistent(SolverWrap::define(env))),
      aligner_class_(Napi::Persistent(AlignerWrap::define(env))) {
  DefineAddon(exports, {InstanceMethod("createVision", &Addon::create_vision),
                        InstanceMethod("createSolver", &Addon::create_solver),
                        InstanceMethod("createAligner", &Addon::create_aligner)});
  // Hooks run in reverse order: this one before the hook of the bridge's thread-safe function.
  env.AddCleanupHook([](Addon* self) { self->shut_down(); }, this);
}

std::shared_ptr<Session> Addon::new_session(std::size_t threads) {
  std::erase_if(sessions_, [](const std::weak_ptr<Session>& session) { return session.expired(); });
  auto session = std::make_shared<Session>(threads);
  sessions_.push_back(session);
  return session;
}

Napi::Value Addon::create_vision(const Napi::CallbackInfo& info) { return VisionWrap::create(info, *this); }

Napi::Value Addon::create_solver(const Napi::CallbackInfo& info) { return SolverWrap::create(info, *this); }

Napi::Value Addon::create_aligner(const Napi::CallbackInfo& info) { return AlignerWrap::create(info, *this); }

void Addon::shut_down() {
  for (const std::weak_ptr<Session>& session : sessions_) {
    if (const auto open = session.lock()) open->cancel_all();
  }
  for (const std::weak_ptr<Session>& session : sessions_) {
    if (const auto open = session.lock()) open->shut_down();
  }
}

}  // namespace nearfar::vision

namespace {
Napi::Object init(Napi::Env env, Napi::Object exports) { return nearfar::vision::Addon::Init(env, exports); }
}  // namespace
NODE_API_MODULE(nearfar_vision, init)
