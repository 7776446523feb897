#include "reference_convert.h"

#include <stdexcept>

#include "typed_array.h"

namespace nearfar::vision {
namespace {

reference::Plane plane_from(const Napi::Value& value, const char* name) {
  const Napi::Object object = object_from(value, name);
  reference::Plane plane;
  plane.width = integer_from(object, "widthPx");
  plane.height = integer_from(object, "heightPx");
  plane.samples = numbers_of<float>(object.Get("samples"), "samples", napi_float32_array, "a Float32Array");
  plane.valid = bytes_from(object, "valid");
  const std::size_t pixels = static_cast<std::size_t>(plane.width) * plane.height;
  if (plane.samples.size() != pixels || plane.valid.size() != pixels) {
    throw std::invalid_argument(std::string(name) + " has not as many samples as pixels");
  }
  return plane;
}

}  // namespace

PlanesRequest planes_request_from(const Napi::Value& value) {
  const Napi::Object object = object_from(value, "request");
  PlanesRequest request{plane_from(object.Get("fixed"), "fixed"), plane_from(object.Get("moving"), "moving"),
                        cv::Matx33d::eye(), flag_from(object, "search")};
  if (!object.Get("start").IsArray()) reject_type(value.Env(), "start", "an array of 9 numbers");
  const auto start = object.Get("start").As<Napi::Array>();
  for (std::uint32_t i = 0; i < 9; ++i) {
    const Napi::Value element = start[i];
    if (!element.IsNumber()) reject_type(value.Env(), "start", "an array of 9 numbers");
    request.start.val[i] = element.As<Napi::Number>().DoubleValue();
  }
  return request;
}

Napi::Value plane_alignment_to(Napi::Env env, const reference::Refined& alignment) {
  Napi::Object object = Napi::Object::New(env);
  Napi::Array homography = Napi::Array::New(env, 9);
  for (std::uint32_t i = 0; i < 9; ++i) homography.Set(i, alignment.homography.val[i]);
  object.Set("homography", homography);
  object.Set("correlation", alignment.correlation);
  object.Set("overlap", alignment.overlap);
  object.Set("lastStepPx", alignment.last_step_px);
  object.Set("message", env.Null());
  return object;
}

Napi::Value no_plane_alignment_to(Napi::Env env, const std::string& message) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("homography", env.Null());
  object.Set("message", message);
  return object;
}

}  // namespace nearfar::vision
