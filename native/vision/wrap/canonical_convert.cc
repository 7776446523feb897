#include "canonical_convert.h"

#include "read_value.h"
#include "typed_array.h"

namespace nearfar::vision {
namespace {

/// An array of two numbers.
double number_at(const Napi::Object& object, const char* name, std::uint32_t index) {
  const Napi::Value value = object.Get(name);
  if (!value.IsArray() || value.As<Napi::Array>().Length() != 2 || !value.As<Napi::Array>().Get(index).IsNumber()) {
    reject_type(object.Env(), name, "an array of two numbers");
  }
  return value.As<Napi::Array>().Get(index).As<Napi::Number>().DoubleValue();
}

match::RigErrors rig_errors_from(const Napi::Value& value) {
  const Napi::Object errors = object_from(value, "rigErrors");
  return {number_from(errors, "offsetXMm"), number_from(errors, "offsetYMm"), number_from(errors, "rollRad"),
          number_from(errors, "shiftXPx"), number_from(errors, "shiftYPx")};
}

}  // namespace

match::Image canonical_image_from(const Napi::Object& object, const char* name) {
  const Napi::Object image = object_from(object.Get(name), name);
  return {numbers_of<std::uint16_t>(image.Get("samples"), "samples", napi_uint16_array, "a Uint16Array"),
          integer_from(image, "channels"), bytes_from(image, "flags")};
}

match::Geometry canonical_geometry_from(const Napi::Object& object) {
  match::Geometry geometry;
  geometry.size = integer_from(object, "sizePx");
  geometry.px_per_mm = number_from(object, "pxPerMm");
  geometry.epipole_x = number_at(object, "epipolePx", 0);
  geometry.epipole_y = number_at(object, "epipolePx", 1);
  geometry.near_depth_mm = number_from(object, "nearDepthMm");
  geometry.far_depth_mm = number_from(object, "farDepthMm");
  geometry.errors = rig_errors_from(object.Get("rigErrors"));
  return geometry;
}

}  // namespace nearfar::vision
