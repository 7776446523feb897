#include "vision_wrap.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <thread>
#include <utility>

#include "../core/find_board.h"
#include "addon.h"
#include "convert.h"
#include "failure.h"

namespace nearfar::vision {
namespace {

std::size_t threads_from(const Napi::Value& value) {
  if (!value.IsNumber()) throw Napi::TypeError::New(value.Env(), "createVision takes a number of threads");
  const double threads = value.As<Napi::Number>().DoubleValue();
  const double available = std::max(1U, std::thread::hardware_concurrency());
  return static_cast<std::size_t>(threads >= 1 ? std::min(threads, available) : available);
}

struct Question {
  Image image;
  Board board;
};

Question question_from(const Napi::CallbackInfo& info) {
  try {
    return {image_from(info[0]), board_from(info[1])};
  } catch (const std::invalid_argument&) {
    throw error_of(info.Env(), failure_of(std::current_exception()));
  }
}

/// What a job brings back to the JS thread.
struct Answer {
  std::optional<BoardFinding> finding;
  Failure failure;
};

Answer answer_to(const Question& question, const CancelFlag& flag) {
  try {
    flag.check();
    return {find_board(question.image, question.board, flag), {}};
  } catch (...) {
    return {std::nullopt, failure_of(std::current_exception())};
  }
}

}  // namespace

Napi::Function VisionWrap::define(Napi::Env env) {
  return DefineClass(env, "NativeVision",
                     {InstanceMethod<&VisionWrap::find_board>("findBoard"),
                      InstanceMethod<&VisionWrap::close>("close")});
}

Napi::Value VisionWrap::create(const Napi::CallbackInfo& info, Addon& addon) {
  const std::size_t threads = threads_from(info[0]);
  const Napi::Object object = addon.vision_class().New({});
  VisionWrap* self = Unwrap(object);
  self->bridge_ = &addon.bridge();
  self->session_ = addon.new_session(threads);
  return object;
}

VisionWrap::VisionWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<VisionWrap>(info) {}

Napi::Value VisionWrap::find_board(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (closed_ || session_ == nullptr) throw error_of(env, {"CLOSED", "this vision is closed"});
  auto question = std::make_shared<const Question>(question_from(info));
  const auto deferred = Napi::Promise::Deferred::New(env);
  const CancelFlag flag;
  const auto job = session_->active.insert(session_->active.end(), flag);
  Ref();
  bridge_->hold(env);
  session_->pool.post([this, bridge = bridge_, question, flag, deferred, job, stack = capture_stack(env)] {
    auto answer = std::make_shared<const Answer>(answer_to(*question, flag));
    bridge->post([this, answer, deferred, job, stack](Napi::Env then) {
      if (answer->finding) {
        deferred.Resolve(finding_to(then, *answer->finding));
      } else {
        deferred.Reject(error_of(then, answer->failure, stack).Value());
      }
      settle(then, job);
    });
  });
  Napi::Object asked = Napi::Object::New(env);
  asked.Set("finding", deferred.Promise());
  asked.Set("cancel", Napi::Function::New(env, [flag](const Napi::CallbackInfo&) { flag.cancel(); }));
  return asked;
}

void VisionWrap::settle(Napi::Env env, std::list<CancelFlag>::iterator job) {
  session_->active.erase(job);
  bridge_->drop(env);
  if (closed_ && session_->active.empty()) {
    session_->shut_down();
    for (const auto& closer : closers_) closer.Resolve(env.Undefined());
    closers_.clear();
  }
  Unref();
}

Napi::Value VisionWrap::close(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto deferred = Napi::Promise::Deferred::New(env);
  closed_ = true;
  if (session_ == nullptr || session_->active.empty()) {
    if (session_ != nullptr) session_->shut_down();
    deferred.Resolve(env.Undefined());
  } else {
    session_->cancel_all();
    closers_.push_back(deferred);
  }
  return deferred.Promise();
}

}  // namespace nearfar::vision
