#include "convert_chart.h"

#include <stdexcept>
#include <string>
#include <utility>

namespace nearfar::vision {
namespace {

int side_from(const Napi::Object& picture, const char* name) {
  const Napi::Value value = picture.Get(name);
  if (!value.IsNumber()) throw Napi::TypeError::New(picture.Env(), std::string(name) + " must be a number");
  const double side = value.As<Napi::Number>().DoubleValue();
  if (!(side >= 1 && side <= 32767)) throw std::invalid_argument(std::string(name) + " must be 1 to 32767 px");
  return static_cast<int>(side);
}

}  // namespace

ColorPicture::ColorPicture(int width_px, int height_px, std::vector<std::uint8_t> samples)
    : samples_(std::move(samples)) {
  const std::size_t wanted = static_cast<std::size_t>(width_px) * static_cast<std::size_t>(height_px) * 3;
  if (samples_.size() != wanted) {
    throw std::invalid_argument("the picture has " + std::to_string(samples_.size()) + " samples, but " +
                                std::to_string(width_px) + " × " + std::to_string(height_px) + " px of three need " +
                                std::to_string(wanted));
  }
  pixels_ = cv::Mat(height_px, width_px, CV_8UC3, samples_.data());
}

ColorPicture picture_from(const Napi::Value& value) {
  if (!value.IsObject()) throw Napi::TypeError::New(value.Env(), "the picture must be an object");
  const Napi::Object picture = value.As<Napi::Object>();
  const Napi::Value data = picture.Get("data");
  const bool bytes = data.IsTypedArray() && data.As<Napi::TypedArray>().TypedArrayType() == napi_uint8_array;
  if (!bytes) throw Napi::TypeError::New(value.Env(), "data must be a Uint8Array");
  const auto array = data.As<Napi::Uint8Array>();
  return {side_from(picture, "widthPx"), side_from(picture, "heightPx"),
          std::vector<std::uint8_t>(array.Data(), array.Data() + array.ElementLength())};
}

Napi::Value chart_to(Napi::Env env, const std::optional<ChartFinding>& finding) {
  if (!finding) return env.Null();
  Napi::Object object = Napi::Object::New(env);
  Napi::Array corners = Napi::Array::New(env, finding->corners_px.size());
  for (std::uint32_t i = 0; i < finding->corners_px.size(); ++i) {
    Napi::Array corner = Napi::Array::New(env, 2);
    corner.Set(0U, finding->corners_px[i].x);
    corner.Set(1U, finding->corners_px[i].y);
    corners.Set(i, corner);
  }
  Napi::Array share = Napi::Array::New(env, 2);
  share.Set(0U, finding->patch_share.width);
  share.Set(1U, finding->patch_share.height);
  object.Set("cornersPx", corners);
  object.Set("patchShare", share);
  object.Set("mirrored", finding->mirrored);
  object.Set("agreement", finding->agreement);
  object.Set("measuredPatches", finding->measured_patches);
  object.Set("residualPx", finding->residual_px);
  return object;
}

}  // namespace nearfar::vision
