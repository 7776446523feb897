// What the addons share between native threads and JavaScript.
#pragma once

#include <napi.h>

#include <functional>

namespace nearfar::addon {

/// The way from native threads back to the JS thread of one environment.
class Bridge {
 public:
  using Task = std::function<void(Napi::Env)>;

  /// JS thread. @param name tells the addon in diagnostic tools.
  Bridge(Napi::Env env, const char* name);
  Bridge(const Bridge&) = delete;
  Bridge& operator=(const Bridge&) = delete;

  /// Runs `task` on the JS thread, in the order of posting. Any thread; never blocks. A task
  /// that the environment does not live to see is dropped.
  void post(Task task);

  /// While held more often than dropped, the event loop stays alive. JS thread.
  void hold(Napi::Env env);
  void drop(Napi::Env env);

 private:
  static void run(Napi::Env env, Napi::Function, std::nullptr_t*, Task* task);
  using Channel = Napi::TypedThreadSafeFunction<std::nullptr_t, Task, &Bridge::run>;

  Channel channel_;
  unsigned int holders_ = 0;
};

}  // namespace nearfar::addon
