#pragma once

#include <napi.h>

#include "../core/resample/request.h"

namespace nearfar::vision {

/// From and to the objects of src/native/resample.ts, as convert.h does it.
resample::Request resample_request_from(const Napi::Value& value);
/// What a request that could be converted uses in place, and what must therefore live until the job has ended; empty
/// when it uses nothing so.
Napi::Object samples_in_place(const Napi::Value& request);
Napi::Value resampled_to(Napi::Env env, const resample::Result& result);

}  // namespace nearfar::vision
