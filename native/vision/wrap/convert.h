#pragma once

#include <napi.h>

#include "../core/board.h"
#include "../core/finding.h"
#include "../core/image.h"

namespace nearfar::vision {

/// Plain structs from and to the objects of src/native/vision.ts. JS thread; a value of the wrong type throws a JS
/// TypeError that names the property, an impossible one std::invalid_argument.

/// Copies the samples, because JS may change or hand away the array while they are searched.
Image image_from(const Napi::Value& value);
Board board_from(const Napi::Value& value);
Napi::Object finding_to(Napi::Env env, const BoardFinding& finding);

}  // namespace nearfar::vision
