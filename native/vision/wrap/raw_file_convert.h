#pragma once

#include <napi.h>

#include "../core/raw_file.h"

namespace nearfar::vision {

/// To the object of src/native/aligner.ts. Its samples are those of the file, not a copy.
Napi::Value raw_file_to(Napi::Env env, const RawFile& file);

}  // namespace nearfar::vision
