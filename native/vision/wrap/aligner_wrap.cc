#include "aligner_wrap.h"

#include <memory>

#include "../core/match/fuse.h"
#include "../core/match/radial_match.h"
#include "../core/resample/resample.h"
#include "addon.h"
#include "match_convert.h"
#include "raw_file_convert.h"
#include "read_value.h"
#include "reference_convert.h"
#include "resample_convert.h"
#include "sparse_convert.h"
#include "threads.h"

namespace nearfar::vision {

Napi::Function AlignerWrap::define(Napi::Env env) {
  return DefineClass(env, "NativeAligner",
                     {InstanceMethod<&AlignerWrap::resample>("resample"),
                      InstanceMethod<&AlignerWrap::match_radially>("matchRadially"),
                      InstanceMethod<&AlignerWrap::fuse>("fuse"),
                      InstanceMethod<&AlignerWrap::align_planes>("alignPlanes"),
                      InstanceMethod<&AlignerWrap::flow_sparsely>("flowSparsely"),
                      InstanceMethod<&AlignerWrap::read_raw_file>("readRawFile"),
                      InstanceMethod<&AlignerWrap::close>("close")});
}

Napi::Value AlignerWrap::create(const Napi::CallbackInfo& info, Addon& addon) {
  const std::size_t threads = threads_from(info[0]);
  const Napi::Object object = addon.aligner_class().New({});
  AlignerWrap* const wrap = Unwrap(object);
  wrap->desk_ = std::make_unique<JobDesk>(addon.bridge(), addon.new_session(threads));
  wrap->shares_ = ThreadShares(threads);
  return object;
}

AlignerWrap::AlignerWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<AlignerWrap>(info) {}

Napi::Value AlignerWrap::resample(const Napi::CallbackInfo& info) {
  const auto request = std::make_shared<const resample::Request>(resample_request_from(info[0]));
  const auto share = shares_.take();
  const auto compute = [request, share](const CancelFlag& flag) -> JobDesk::Build {
    const auto result =
        std::make_shared<const resample::Result>(resample::resample(*request, share->threads(), flag));
    return [result](Napi::Env env) { return resampled_to(env, *result); };
  };
  return JobDesk::of(desk_, info).ask(info, compute, samples_in_place(info[0]));
}

Napi::Value AlignerWrap::match_radially(const Napi::CallbackInfo& info) {
  const auto request = std::make_shared<const match::Request>(match_request_from(info[0]));
  const auto share = shares_.take();
  return JobDesk::of(desk_, info).ask(info, [request, share](const CancelFlag& flag) -> JobDesk::Build {
    const auto found =
        std::make_shared<const match::Match>(match::match_radially(*request, share->threads(), flag));
    return [found](Napi::Env env) { return match_to(env, *found); };
  });
}

Napi::Value AlignerWrap::fuse(const Napi::CallbackInfo& info) {
  const auto request = std::make_shared<const match::FuseRequest>(fuse_request_from(info[0]));
  const auto share = shares_.take();
  return JobDesk::of(desk_, info).ask(info, [request, share](const CancelFlag& flag) -> JobDesk::Build {
    const auto view = std::make_shared<const match::FusedView>(match::fuse(*request, share->threads(), flag));
    return [view](Napi::Env env) { return fused_to(env, *view); };
  });
}

Napi::Value AlignerWrap::align_planes(const Napi::CallbackInfo& info) {
  const auto request = std::make_shared<const PlanesRequest>(planes_request_from(info[0]));
  return JobDesk::of(desk_, info).ask(info, [request](const CancelFlag& flag) -> JobDesk::Build {
    try {
      const auto& [fixed, moving, start, search] = *request;
      const reference::Refined alignment = reference::align_planes(fixed, moving, start, search, flag);
      return [alignment](Napi::Env env) { return plane_alignment_to(env, alignment); };
    } catch (const reference::Undecided& undecided) {
      const std::string message = undecided.what();
      return [message](Napi::Env env) { return no_plane_alignment_to(env, message); };
    }
  });
}

Napi::Value AlignerWrap::flow_sparsely(const Napi::CallbackInfo& info) {
  const auto request = std::make_shared<const sparse::Request>(sparse_request_from(info[0]));
  const auto share = shares_.take();
  return JobDesk::of(desk_, info).ask(info, [request, share](const CancelFlag& flag) -> JobDesk::Build {
    const auto nodes = std::make_shared<const std::vector<sparse::Node>>(
        sparse::flow_sparsely(*request, share->threads(), flag));
    return [nodes](Napi::Env env) { return sparse_flow_to(env, *nodes); };
  });
}

Napi::Value AlignerWrap::read_raw_file(const Napi::CallbackInfo& info) {
  if (!info[0].IsString()) reject_type(info.Env(), "the path", "a string");
  const auto compute = [path = info[0].As<Napi::String>().Utf8Value()](const CancelFlag& flag) -> JobDesk::Build {
    const RawFile file = vision::read_raw_file(path, flag);
    return [file](Napi::Env env) { return raw_file_to(env, file); };
  };
  return JobDesk::of(desk_, info).ask(info, compute);
}

Napi::Value AlignerWrap::close(const Napi::CallbackInfo& info) { return JobDesk::of(desk_, info).close(info.Env()); }

}  // namespace nearfar::vision
