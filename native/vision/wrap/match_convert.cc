#include "match_convert.h"

#include <string>
#include <vector>

#include "canonical_convert.h"
#include "read_value.h"
#include "typed_array.h"

namespace nearfar::vision {
namespace {

std::vector<float> floats_from(const Napi::Object& object, const char* name) {
  return numbers_of<float>(object.Get(name), name, napi_float32_array, "a Float32Array");
}

match::Arm arm_from(const Napi::Object& object) {
  const std::string arm = text_from(object, "arm");
  if (arm == "near") return match::Arm::near;
  if (arm == "far") return match::Arm::far;
  reject_type(object.Env(), "arm", "near or far");
}

void set_depths(const char* name, Napi::Object& object, const std::vector<float>& values) {
  object.Set(name, array_of<Napi::Float32Array>(object.Env(), values));
}

Napi::Object view_to(Napi::Env env, const match::DepthView& view) {
  Napi::Object object = Napi::Object::New(env);
  set_depths("depthMm", object, view.depth_mm);
  set_depths("sigmaPx", object, view.sigma_px);
  set_depths("depthSigmaMm", object, view.depth_sigma_mm);
  set_depths("flow", object, view.flow);
  object.Set("visible", array_of<Napi::Uint8Array>(env, view.visible));
  return object;
}

}  // namespace

match::Request match_request_from(const Napi::Value& value) {
  const Napi::Object object = object_from(value, "the request");
  match::Request request{canonical_image_from(object, "near"), canonical_image_from(object, "far"),
                         canonical_geometry_from(object)};
  const Napi::Value range = object.Get("depthRangeMm");
  if (!range.IsArray() || range.As<Napi::Array>().Length() != 2) {
    reject_type(value.Env(), "depthRangeMm", "an array of two numbers");
  }
  const auto limits = range.As<Napi::Array>();
  const Napi::Value from = limits.Get(0U), to = limits.Get(1U);
  if (!from.IsNumber() || !to.IsNumber()) reject_type(value.Env(), "depthRangeMm", "an array of two numbers");
  request.from_mm = from.As<Napi::Number>().DoubleValue();
  request.to_mm = to.As<Napi::Number>().DoubleValue();
  return request;
}

Napi::Object match_to(Napi::Env env, const match::Match& found) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("near", view_to(env, found.near));
  object.Set("far", view_to(env, found.far));
  return object;
}

match::FuseRequest fuse_request_from(const Napi::Value& value) {
  const Napi::Object object = object_from(value, "the request");
  const Napi::Object prior = object_from(object.Get("prior"), "prior");
  return {canonical_geometry_from(object),
          arm_from(object),
          floats_from(object, "depthMm"),
          floats_from(object, "depthSigmaMm"),
          {integer_from(prior, "columns"), integer_from(prior, "rows"), floats_from(prior, "depthMm"),
           floats_from(prior, "sigmaMm")}};
}

Napi::Object fused_to(Napi::Env env, const match::FusedView& view) {
  Napi::Object object = Napi::Object::New(env);
  set_depths("depthMm", object, view.depth_mm);
  set_depths("depthSigmaMm", object, view.depth_sigma_mm);
  set_depths("sigmaPx", object, view.sigma_px);
  set_depths("flow", object, view.flow);
  return object;
}

}  // namespace nearfar::vision
