#include "sparse_convert.h"

#include "canonical_convert.h"
#include "read_value.h"
#include "typed_array.h"

namespace nearfar::vision {

sparse::Request sparse_request_from(const Napi::Value& value) {
  const Napi::Object object = object_from(value, "the request");
  return {canonical_image_from(object, "near"),
          canonical_image_from(object, "far"),
          canonical_geometry_from(object),
          numbers_of<float>(object.Get("depthMap"), "depthMap", napi_float32_array, "a Float32Array"),
          integer_from(object, "stepPx"),
          integer_from(object, "windowPx")};
}

Napi::Object sparse_flow_to(Napi::Env env, const std::vector<sparse::Node>& nodes) {
  std::vector<double> near, far, covariance;
  for (const sparse::Node& node : nodes) {
    near.insert(near.end(), {node.near.x, node.near.y});
    far.insert(far.end(), {node.far.x, node.far.y});
    covariance.insert(covariance.end(), {node.xx, node.xy, node.yy});
  }
  Napi::Object object = Napi::Object::New(env);
  object.Set("nearPx", array_of<Napi::Float64Array>(env, near));
  object.Set("farPx", array_of<Napi::Float64Array>(env, far));
  object.Set("covariance", array_of<Napi::Float64Array>(env, covariance));
  object.Set("depthMm", array_of<Napi::Float64Array>(env, nodes, [](const auto& node) { return node.depth_mm; }));
  object.Set("misfit", array_of<Napi::Float64Array>(env, nodes, [](const auto& node) { return node.misfit; }));
  object.Set("texture", array_of<Napi::Float64Array>(env, nodes, [](const auto& node) { return node.texture; }));
  return object;
}

}  // namespace nearfar::vision
