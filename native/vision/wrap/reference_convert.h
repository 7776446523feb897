#pragma once

#include <napi.h>

#include "../core/reference/align_planes.h"

namespace nearfar::vision {

struct PlanesRequest {
  reference::Plane fixed;
  reference::Plane moving;
  cv::Matx33d start;
  bool search = false;
};

/// From and to the objects of src/native/align-planes.ts, as convert.h does it.
PlanesRequest planes_request_from(const Napi::Value& value);
Napi::Value plane_alignment_to(Napi::Env env, const reference::Refined& alignment);
/// Of pictures that do not tell.
Napi::Value no_plane_alignment_to(Napi::Env env, const std::string& message);

}  // namespace nearfar::vision
