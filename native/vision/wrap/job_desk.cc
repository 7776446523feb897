#include "job_desk.h"

#include <exception>
#include <utility>

#include "failure.h"

namespace nearfar::vision {
namespace {

/// What a job brings back to the JS thread: a way to build its result, or why there is none.
struct Answer {
  JobDesk::Build build;
  Failure failure;
};

Answer answer_of(const JobDesk::Compute& compute, const CancelFlag& flag) {
  try {
    flag.check();
    return {compute(flag), {}};
  } catch (...) {
    return {nullptr, failure_of(std::current_exception())};
  }
}

}  // namespace

JobDesk::JobDesk(addon::Bridge& bridge, std::shared_ptr<Session> session)
    : bridge_(bridge), session_(std::move(session)) {}

JobDesk& JobDesk::of(const std::unique_ptr<JobDesk>& desk, const Napi::CallbackInfo& info) {
  if (desk == nullptr) throw Napi::TypeError::New(info.Env(), "this object was not made by a create function");
  return *desk;
}

Napi::Value JobDesk::ask(const Napi::CallbackInfo& info, Compute compute) {
  const Napi::Env env = info.Env();
  if (closed_) throw error_of(env, {"CLOSED", "it is closed"});
  const auto deferred = Napi::Promise::Deferred::New(env);
  const CancelFlag flag;
  const auto job = session_->active.insert(session_->active.end(), flag);
  if (owner_.IsEmpty()) owner_ = Napi::Persistent(info.This().As<Napi::Object>());
  bridge_.hold(env);
  session_->pool.post([this, compute = std::move(compute), flag, deferred, job, stack = capture_stack(env)] {
    auto answer = std::make_shared<const Answer>(answer_of(compute, flag));
    bridge_.post([this, answer, deferred, job, stack](Napi::Env then) {
      if (answer->build) {
        deferred.Resolve(answer->build(then));
      } else {
        deferred.Reject(error_of(then, answer->failure, stack).Value());
      }
      settle(then, job);
    });
  });
  Napi::Object asked = Napi::Object::New(env);
  asked.Set("answer", deferred.Promise());
  asked.Set("cancel", Napi::Function::New(env, [flag](const Napi::CallbackInfo&) { flag.cancel(); }));
  return asked;
}

void JobDesk::settle(Napi::Env env, std::list<CancelFlag>::iterator job) {
  session_->active.erase(job);
  bridge_.drop(env);
  if (!session_->active.empty()) return;
  if (closed_) {
    session_->shut_down();
    for (const auto& closer : closers_) closer.Resolve(env.Undefined());
    closers_.clear();
  }
  owner_.Reset();
}

Napi::Value JobDesk::close(Napi::Env env) {
  const auto deferred = Napi::Promise::Deferred::New(env);
  closed_ = true;
  if (session_->active.empty()) {
    session_->shut_down();
    deferred.Resolve(env.Undefined());
  } else {
    session_->cancel_all();
    closers_.push_back(deferred);
  }
  return deferred.Promise();
}

}  // namespace nearfar::vision
