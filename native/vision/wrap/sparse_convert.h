#pragma once

#include <napi.h>

#include <vector>

#include "../core/sparse/flow_sparsely.h"

namespace nearfar::vision {

/// From and to the objects of src/native/sparse-flow.ts, as convert.h does it.
sparse::Request sparse_request_from(const Napi::Value& value);
Napi::Object sparse_flow_to(Napi::Env env, const std::vector<sparse::Node>& nodes);

}  // namespace nearfar::vision
