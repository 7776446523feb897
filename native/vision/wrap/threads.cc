#include "threads.h"

#include <algorithm>
#include <thread>

namespace nearfar::vision {

std::size_t threads_from(const Napi::Value& value) {
  if (!value.IsNumber()) throw Napi::TypeError::New(value.Env(), "this takes a number of threads");
  const double threads = value.As<Napi::Number>().DoubleValue();
  const double available = std::max(1U, std::thread::hardware_concurrency());
  return static_cast<std::size_t>(threads >= 1 ? std::min(threads, available) : available);
}

}  // namespace nearfar::vision
