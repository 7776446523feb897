#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "bundle_convert.h"
#include "read_value.h"
#include "typed_array.h"

namespace nearfar::vision {
namespace {

constexpr std::uint32_t greatest_reserve = 4096;

std::vector<double> doubles_from(const Napi::Object& object, const char* name) {
  return numbers_of<double>(object.Get(name), name, napi_float64_array, "a Float64Array");
}

template <std::size_t Count>
std::array<double, Count> doubles_from(const Napi::Object& object, const char* name) {
  const std::vector<double> values = doubles_from(object, name);
  if (values.size() != Count) reject_type(object.Env(), name, std::to_string(Count) + " numbers");
  std::array<double, Count> array{};
  std::copy(values.begin(), values.end(), array.begin());
  return array;
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
auto list_from(const Napi::Object& object, const char* name, Read read) {
  const Napi::Value value = object.Get(name);
  if (!value.IsArray()) reject_type(value.Env(), name, "an array");
  const auto array = value.As<Napi::Array>();
  std::vector<decltype(read(std::declval<Napi::Object>()))> items;
  // A sparse array may claim any length.
  items.reserve(std::min(array.Length(), greatest_reserve));
  for (std::uint32_t i = 0; i < array.Length(); ++i) items.push_back(read(object_from(array.Get(i), name)));
  return items;
}

bundle::Camera camera_from(const Napi::Object& object) {
  bundle::Camera camera;
  camera.intrinsics = doubles_from<bundle::intrinsics_count>(object, "intrinsics");
  constexpr const char* flags = "freeIntrinsics";
  const std::vector<std::uint8_t> free = bytes_from(object, flags);
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

std::vector<double> pixels_from(const Napi::Object& request) { return doubles_from(request, "pixels"); }

}  // namespace nearfar::vision
