#include "vision_wrap.h"

#include <exception>
#include <stdexcept>

#include "../core/find_board.h"
#include "../core/find_chart.h"
#include "addon.h"
#include "convert.h"
#include "convert_chart.h"
#include "failure.h"
#include "threads.h"

namespace nearfar::vision {
namespace {

/// Turns what reading arguments throws into JS errors.
template <typename Read>
auto read_arguments(Napi::Env env, Read read) {
  try {
    return read();
  } catch (const std::invalid_argument&) {
    throw error_of(env, failure_of(std::current_exception()));
  }
}

}  // namespace

Napi::Function VisionWrap::define(Napi::Env env) {
  return DefineClass(env, "NativeVision",
                     {InstanceMethod<&VisionWrap::find_board>("findBoard"),
                      InstanceMethod<&VisionWrap::find_chart>("findChart"),
                      InstanceMethod<&VisionWrap::close>("close")});
}

Napi::Value VisionWrap::create(const Napi::CallbackInfo& info, Addon& addon) {
  const std::size_t threads = threads_from(info[0]);
  const Napi::Object object = addon.vision_class().New({});
  Unwrap(object)->desk_ = std::make_unique<JobDesk>(addon.bridge(), addon.new_session(threads));
  return object;
}

VisionWrap::VisionWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<VisionWrap>(info) {}

Napi::Value VisionWrap::find_board(const Napi::CallbackInfo& info) {
  // Shared, because functions are copied and images are large.
  const auto image = std::make_shared<const Image>(read_arguments(info.Env(), [&] { return image_from(info[0]); }));
  const Board board = read_arguments(info.Env(), [&] { return board_from(info[1]); });
  return JobDesk::of(desk_, info).ask(info, [image, board](const CancelFlag& flag) -> JobDesk::Build {
    const BoardFinding finding = nearfar::vision::find_board(*image, board, flag);
    return [finding](Napi::Env env) { return finding_to(env, finding); };
  });
}

Napi::Value VisionWrap::find_chart(const Napi::CallbackInfo& info) {
  const cv::Mat picture = read_arguments(info.Env(), [&] { return picture_from(info[0]); });
  return JobDesk::of(desk_, info).ask(info, [picture](const CancelFlag& flag) -> JobDesk::Build {
    const auto finding = nearfar::vision::find_chart(picture, flag);
    return [finding](Napi::Env env) { return chart_to(env, finding); };
  });
}

Napi::Value VisionWrap::close(const Napi::CallbackInfo& info) { return JobDesk::of(desk_, info).close(info.Env()); }

}  // namespace nearfar::vision
