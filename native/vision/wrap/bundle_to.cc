#include "bundle_convert.h"
#include "typed_array.h"

namespace nearfar::vision {
namespace {

template <typename Items>
Napi::Value doubles_to(Napi::Env env, const Items& items) {
  return array_of<Napi::Float64Array>(env, items);
}

/// A JS array of what `make` makes of each item.
template <typename Items, typename Make>
Napi::Array list_to(Napi::Env env, const Items& items, Make make) {
  Napi::Array array = Napi::Array::New(env, items.size());
  std::uint32_t index = 0;
  for (const auto& item : items) array.Set(index++, make(item));
  return array;
}

Napi::Value board_to(Napi::Env env, const bundle::BoardResult& result) {
  Napi::Object board = Napi::Object::New(env);
  board.Set("warpMm", result.warp_mm ? doubles_to(env, *result.warp_mm) : env.Null());
  board.Set("shapeMm", result.shape_mm.empty() ? env.Null() : doubles_to(env, result.shape_mm));
  return board;
}

Napi::Value view_to(Napi::Env env, const bundle::ViewResult& result) {
  Napi::Object view = Napi::Object::New(env);
  view.Set("pose", doubles_to(env, result.pose));
  view.Set("observations", list_to(env, result.observations, [env](const bundle::ObservationResult& seen) {
             Napi::Object observation = Napi::Object::New(env);
             observation.Set("residualsPx", doubles_to(env, seen.residuals_px));
             observation.Set("outliers", array_of<Napi::Uint8Array>(env, seen.outliers));
             return observation;
           }));
  return view;
}

Napi::Value covariance_to(Napi::Env env, const bundle::Covariance& result) {
  Napi::Object covariance = Napi::Object::New(env);
  covariance.Set("parameters", list_to(env, result.parameters, [env](const bundle::ParameterName& name) {
                   Napi::Object parameter = Napi::Object::New(env);
                   parameter.Set(name.of_camera ? "camera" : "board", name.owner);
                   parameter.Set("parameter", name.parameter);
                   return parameter;
                 }));
  covariance.Set("values", doubles_to(env, result.values));
  return covariance;
}

}  // namespace

Napi::Value solution_to(Napi::Env env, const bundle::Solution& solution) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("cameras", list_to(env, solution.cameras, [env](const auto& result) {
               Napi::Object camera = Napi::Object::New(env);
               camera.Set("intrinsics", doubles_to(env, result.first));
               camera.Set("pose", doubles_to(env, result.second));
               return camera;
             }));
  object.Set("boards", list_to(env, solution.boards, [env](const auto& result) { return board_to(env, result); }));
  object.Set("views", list_to(env, solution.views, [env](const auto& result) { return view_to(env, result); }));
  object.Set("rmsPointPx", solution.rms_point_px);
  object.Set("noiseSigmaPx", solution.noise_sigma_px);
  object.Set("iterations", solution.iterations);
  object.Set("seconds", solution.seconds);
  object.Set("covariance", covariance_to(env, solution.covariance));
  return object;
}

Napi::Value sigmas_to(Napi::Env env, const std::vector<double>& sigmas_px) { return doubles_to(env, sigmas_px); }

}  // namespace nearfar::vision
