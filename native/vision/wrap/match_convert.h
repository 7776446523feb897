#pragma once

#include <napi.h>

#include "../core/match/fuse.h"
#include "../core/match/request.h"

namespace nearfar::vision {

/// From and to the objects of src/native/radial-match.ts, as convert.h does it.
match::Request match_request_from(const Napi::Value& value);
Napi::Object match_to(Napi::Env env, const match::Match& found);
match::FuseRequest fuse_request_from(const Napi::Value& value);
Napi::Object fused_to(Napi::Env env, const match::FusedView& view);

}  // namespace nearfar::vision
