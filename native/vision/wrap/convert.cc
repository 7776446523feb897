#include "convert.h"

#include <cstring>
#include <utility>
#include <vector>

#include "read_value.h"
#include "typed_array.h"

namespace nearfar::vision {
namespace {

SampleType sample_type_of(Napi::Env env, napi_typedarray_type type) {
  switch (type) {
    case napi_uint8_array: return SampleType::uint8;
    case napi_uint16_array: return SampleType::uint16;
    case napi_float32_array: return SampleType::float32;
    default: reject_type(env, "data", "a Uint8Array, Uint16Array or Float32Array");
  }
}

}  // namespace

Image image_from(const Napi::Value& value) {
  const Napi::Object image = object_from(value, "the image");
  const Napi::Env env = value.Env();
  napi_typedarray_type type = napi_int8_array;
  std::size_t count = 0;
  void* data = nullptr;
  const napi_status status =
      napi_get_typedarray_info(env, image.Get("data"), &type, &count, &data, nullptr, nullptr);
  const SampleType samples = sample_type_of(env, status == napi_ok ? type : napi_int8_array);
  std::vector<std::byte> bytes(count * bytes_of(samples));
  if (!bytes.empty()) std::memcpy(bytes.data(), data, bytes.size());
  return {samples, integer_from(image, "widthPx"), integer_from(image, "heightPx"), std::move(bytes)};
}

Board board_from(const Napi::Value& value) {
  const Napi::Object object = object_from(value, "the board");
  Board board{.squares_x = integer_from(object, "squaresX"),
              .squares_y = integer_from(object, "squaresY"),
              .top_left_black = flag_from(object, "topLeftBlack"),
              .markers = std::nullopt};
  if (const Napi::Value markers = object.Get("markers"); !markers.IsNull()) {
    const Napi::Object fields = object_from(markers, "markers");
    board.markers = Markers{.dictionary = text_from(fields, "dictionary"),
                            .first_id = integer_from(fields, "firstId"),
                            .side_squares = number_from(fields, "sideSquares")};
  }
  check_board(board);
  return board;
}

Napi::Object finding_to(Napi::Env env, const BoardFinding& finding) {
  const auto& corners = finding.corners;
  std::vector<double> points_px;
  for (const auto& corner : corners) points_px.insert(points_px.end(), {corner.x_px, corner.y_px});
  Napi::Object object = Napi::Object::New(env);
  object.Set("ids", array_of<Napi::Int32Array>(env, corners, [](const auto& corner) { return corner.id; }));
  object.Set("pointsPx", array_of<Napi::Float64Array>(env, points_px));
  object.Set("sigmaPx", array_of<Napi::Float32Array>(env, corners, [](const auto& corner) {
               return static_cast<float>(corner.sigma_px);
             }));
  object.Set("markerIds", array_of<Napi::Int32Array>(env, finding.markers));
  object.Set("mirrored", finding.mirrored ? Napi::Value(Napi::Boolean::New(env, *finding.mirrored)) : env.Null());
  object.Set("windowPx", finding.window_px);
  object.Set("message", finding.message.empty() ? env.Null() : Napi::String::New(env, finding.message));
  return object;
}

}  // namespace nearfar::vision
