#include "job_desk.h"

#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "failure.h"

namespace nearfar::vision {
namespace {

/// What a job brings back to the JS thread: a way to build its result, or why there is none.
struct Answer {
  JobDesk::Build build;
  Failure failure;
};

/// Never throws, for it runs on a thread of the pool.
void fill(Answer& answer, const JobDesk::Compute& compute, const CancelFlag& flag) noexcept {
  try {
    try {
      flag.check();
      answer.build = compute(flag);
    } catch (...) {
      answer.failure = failure_of(std::current_exception());
    }
  } catch (...) {
    answer.failure = {};  // no memory for words
  }
}

/// Settles the promise, if anything can. Never throws, so that the job ends whatever becomes of its answer.
void deliver(Napi::Env env, const Answer& answer, const Napi::Promise::Deferred& deferred,
             const std::string& stack) noexcept {
  try {
    try {
      if (answer.build) {
        deferred.Resolve(answer.build(env));
      } else {
        deferred.Reject(error_of(env, answer.failure, stack).Value());
      }
    } catch (const Napi::Error& error) {
      deferred.Reject(error.Value());
    } catch (...) {
      deferred.Reject(error_of(env, failure_of(std::current_exception()), stack).Value());
    }
  } catch (...) {
    // No memory for an error, or the environment ends: there is nobody to tell.
  }
}

}  // namespace

JobDesk::JobDesk(addon::Bridge& bridge, std::shared_ptr<Session> session)
    : bridge_(bridge), session_(std::move(session)) {}

JobDesk& JobDesk::of(const std::unique_ptr<JobDesk>& desk, const Napi::CallbackInfo& info) {
  if (desk == nullptr) throw Napi::TypeError::New(info.Env(), "this object was not made by a create function");
  return *desk;
}

Napi::Value JobDesk::ask(const Napi::CallbackInfo& info, Compute compute, Napi::Object held) {
  const Napi::Env env = info.Env();
  if (closed_) throw error_of(env, {"CLOSED", "it is closed"});
  const auto deferred = Napi::Promise::Deferred::New(env);
  const CancelFlag flag;
  const auto job = session_->active.insert(session_->active.end(), flag);
  const auto kept = held_.insert(held_.end(), held.IsEmpty() ? Napi::ObjectReference() : Napi::Persistent(held));
  if (owner_.IsEmpty()) owner_ = Napi::Persistent(info.This().As<Napi::Object>());
  bridge_.hold(env);
  try {
    const auto answer = std::make_shared<Answer>();
    // Made here, so that the pool's thread, where nobody could tell of it, need not find memory for it.
    addon::Bridge::Task bring = [this, answer, deferred, job, kept, stack = capture_stack(env)](Napi::Env then) {
      deliver(then, *answer, deferred, stack);
      settle(then, job, kept);
    };
    session_->pool.post([this, compute = std::move(compute), flag, answer, bring = std::move(bring)]() mutable {
      fill(*answer, compute, flag);
      bridge_.post(std::move(bring));
    });
  } catch (...) {
    settle(env, job, kept);
    throw;
  }
  Napi::Object asked = Napi::Object::New(env);
  asked.Set("answer", deferred.Promise());
  asked.Set("cancel", Napi::Function::New(env, [flag](const Napi::CallbackInfo&) { flag.cancel(); }));
  return asked;
}

void JobDesk::settle(Napi::Env env, std::list<CancelFlag>::iterator job, Held::iterator held) {
  session_->active.erase(job);
  held_.erase(held);
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
