#pragma once

#include <napi.h>

#include "../core/match/request.h"

namespace nearfar::vision {

/// What the requests on canonical pairs have in common (src/native/radial-match.ts), as convert.h does it.

/// @param name of the member of `object`.
match::Image canonical_image_from(const Napi::Object& object, const char* name);
/// Of the members `sizePx`, `pxPerMm`, `epipolePx`, `nearDepthMm`, `farDepthMm` and `rigErrors`.
match::Geometry canonical_geometry_from(const Napi::Object& object);

}  // namespace nearfar::vision
