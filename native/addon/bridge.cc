#include "bridge.h"

#include <memory>
#include <utility>

namespace nearfar::addon {

Bridge::Bridge(Napi::Env env, const char* name) : channel_(Channel::New(env, name, 0, 1)) { channel_.Unref(env); }

void Bridge::post(Task task) {
  auto owned = std::make_unique<Task>(std::move(task));
  if (channel_.NonBlockingCall(owned.get()) == napi_ok) static_cast<void>(owned.release());
}

void Bridge::hold(Napi::Env env) {
  if (holders_++ == 0) channel_.Ref(env);
}

void Bridge::drop(Napi::Env env) {
  if (--holders_ == 0) channel_.Unref(env);
}

void Bridge::run(Napi::Env env, Napi::Function, std::nullptr_t*, Task* task) {
  const std::unique_ptr<Task> owned(task);
  if (env != nullptr) (*owned)(env);  // null: the environment is being torn down
}

}  // namespace nearfar::addon
