#include "bundle_convert.h"

#include <algorithm>
#include <string>
#include <utility>

#include "read_value.h"

namespace nearfar::vision {
namespace {

/// The elements of a typed array, copied. @param type its napi name, @param expected its name in JS.
template <typename Element>
std::vector<Element> numbers_of(const Napi::Value& value, const char* name, napi_typedarray_type type,
                                const char* expected) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != type) {
    reject_type(value.Env(), name, expected);
  }
  const auto array = value.As<Napi::TypedArrayOf<Element>>();
  return {array.Data(), array.Data() + array.ElementLength()};
}

std::vector<double> doubles_of(const Napi::Value& value, const char* name) {
  return numbers_of<double>(value, name, napi_float64_array, "a Float64Array");
}

template <std::size_t Count>
std::array<double, Count> doubles_of(const Napi::Value& value, const char* name) {
  const std::vector<double> values = doubles_of(value, name);
  if (values.size() != Count) reject_type(value.Env(), name, std::to_string(Count) + " numbers");
  std::array<double, Count> array{};
  std::copy(values.begin(), values.end(), array.begin());
  return array;
}

std::vector<double> doubles_from(const Napi::Object& object, const char* name) {
  return doubles_of(object.Get(name), name);
}

template <std::size_t Count>
std::array<double, Count> doubles_from(const Napi::Object& object, const char* name) {
  return doubles_of<Count>(object.Get(name), name);
}

std::vector<std::int32_t> integers_from(const Napi::Object& object, const char* name) {
  return numbers_of<std::int32_t>(object.Get(name), name, napi_int32_array, "an Int32Array");
}

bool is_null(const Napi::Object& object, const char* name) {
  const Napi::Value value = object.Get(name);
  return value.IsNull() || value.IsUndefined();
}

std::optional<double> number_or_null_from(const Napi::Object& object, const char* name) {
  if (is_null(object, name)) return std::nullopt;
  return number_from(object, name);
}

/// Each item of the array, made by `read`.
template <typename Read>
auto list_of(const Napi::Value& value, const char* name, Read read) {
  if (!value.IsArray()) reject_type(value.Env(), name, "an array");
  const auto array = value.As<Napi::Array>();
  std::vector<decltype(read(std::declval<Napi::Object>()))> items;
  items.reserve(array.Length());
  for (std::uint32_t i = 0; i < array.Length(); ++i) items.push_back(read(object_from(array.Get(i), name)));
  return items;
}

template <typename Read>
auto list_from(const Napi::Object& object, const char* name, Read read) {
  return list_of(object.Get(name), name, read);
}

bundle::Camera camera_from(const Napi::Object& object) {
  bundle::Camera camera;
  camera.intrinsics = doubles_from<bundle::intrinsics_count>(object, "intrinsics");
  constexpr const char* flags = "freeIntrinsics";
  const auto free = numbers_of<std::uint8_t>(object.Get(flags), flags, napi_uint8_array, "a Uint8Array");
  if (free.size() != camera.free_intrinsics.size()) reject_type(object.Env(), flags, "9 flags");
  std::transform(free.begin(), free.end(), camera.free_intrinsics.begin(), [](std::uint8_t flag) { return flag != 0; });
  camera.pose = doubles_from<6>(object, "pose");
  camera.free_pose = flag_from(object, "freePose");
  return camera;
}

bundle::Board board_from(const Napi::Object& object) {
  bundle::Board board;
  board.corners_mm = doubles_from(object, "cornersMm");
  if (!is_null(object, "warp")) {
    const Napi::Object warp = object_from(object.Get("warp"), "warp");
    board.warp = bundle::Warp{doubles_from<2>(warp, "startMm"), flag_from(warp, "free")};
  }
  board.shape_sigma_mm = number_or_null_from(object, "shapeSigmaMm");
  return board;
}

bundle::Observation observation_from(const Napi::Object& object) {
  bundle::Observation observation;
  observation.camera = integer_from(object, "camera");
  observation.ids = integers_from(object, "ids");
  observation.points_px = doubles_from(object, "pointsPx");
  if (!is_null(object, "sigmaPx")) observation.sigma_px = doubles_from(object, "sigmaPx");
  return observation;
}

bundle::View view_from(const Napi::Object& object) {
  bundle::View view;
  view.board = integer_from(object, "board");
  view.pose = doubles_from<6>(object, "pose");
  view.free_pose = flag_from(object, "freePose");
  view.observations = list_from(object, "observations", observation_from);
  return view;
}

bundle::Prior prior_from(const Napi::Object& object) {
  const std::string kind = text_from(object, "kind");
  const double sigma = number_from(object, "sigma");
  if (kind == "square-pixels") return bundle::SquarePixelsPrior{integer_from(object, "camera"), sigma};
  if (kind == "value") {
    return bundle::ValuePrior{integer_from(object, "camera"), integer_from(object, "parameter"),
                              number_from(object, "value"), sigma};
  }
  const auto cameras = integers_from(object, "cameras");
  if (kind == "rail") return bundle::RailPrior{{cameras.begin(), cameras.end()}, sigma};
  if (kind != "same") reject_type(object.Env(), "kind", "value, same, square-pixels or rail");
  if (cameras.size() != 2) reject_type(object.Env(), "cameras", "two cameras");
  return bundle::SamePrior{{cameras[0], cameras[1]}, integer_from(object, "parameter"), sigma};
}

template <typename TypedArray, typename Items>
TypedArray array_of(Napi::Env env, const Items& items) {
  TypedArray array = TypedArray::New(env, items.size());
  std::copy(items.begin(), items.end(), array.Data());
  return array;
}

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

bundle::StartView start_view_of(const Napi::Object& object) {
  return {.ids = integers_from(object, "ids"), .points_px = doubles_from(object, "pointsPx")};
}

}  // namespace

bundle::Problem problem_from(const Napi::Value& value) {
  const Napi::Object object = object_from(value, "the problem");
  bundle::Problem problem;
  problem.cameras = list_from(object, "cameras", camera_from);
  problem.boards = list_from(object, "boards", board_from);
  problem.views = list_from(object, "views", view_from);
  problem.priors = list_from(object, "priors", prior_from);
  problem.noise_sigma_px = number_from(object, "noiseSigmaPx");
  return problem;
}

bundle::Options options_from(const Napi::Value& value) {
  const Napi::Object object = object_from(value, "the options");
  bundle::Options options;
  options.robust_sigmas = number_or_null_from(object, "robustSigmas");
  if (!is_null(object, "reject")) {
    const Napi::Object reject = object_from(object.Get("reject"), "reject");
    options.reject = bundle::Rejection{number_from(reject, "above"), number_from(reject, "drop")};
  }
  options.covariance = flag_from(object, "covariance");
  return options;
}

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
  object.Set("converged", solution.converged);
  object.Set("seconds", solution.seconds);
  object.Set("covariance", covariance_to(env, solution.covariance));
  return object;
}

std::vector<bundle::StartView> start_views_from(const Napi::Value& value) {
  return list_of(value, "the views", start_view_of);
}

bundle::StartView start_view_from(const Napi::Value& value) { return start_view_of(object_from(value, "the view")); }

bundle::Intrinsics intrinsics_from(const Napi::Value& value) {
  return doubles_of<bundle::intrinsics_count>(value, "the intrinsics");
}

std::vector<double> places_from(const Napi::Value& value) { return doubles_of(value, "cornersMm"); }

std::vector<double> pixels_from(const Napi::Object& request) { return doubles_from(request, "pixels"); }

Napi::Value sigmas_to(Napi::Env env, const std::vector<double>& sigmas_px) { return doubles_to(env, sigmas_px); }

Napi::Value start_to(Napi::Env env, const bundle::StartCamera& start) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("intrinsics", doubles_to(env, start.intrinsics));
  object.Set("poses", list_to(env, start.poses, [env](const auto& pose) { return pose_to(env, pose); }));
  return object;
}

Napi::Value pose_to(Napi::Env env, const std::optional<bundle::Pose>& pose) {
  return pose ? doubles_to(env, *pose) : env.Null();
}

}  // namespace nearfar::vision
