#include "convert_chart.h"

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "read_value.h"
#include "typed_array.h"

namespace nearfar::vision {

cv::Mat picture_from(const Napi::Value& value) {
  const Napi::Object picture = object_from(value, "the picture");
  const int width_px = integer_from(picture, "widthPx"), height_px = integer_from(picture, "heightPx");
  const std::vector<std::uint8_t> samples = bytes_from(picture, "data");
  const std::size_t wanted = static_cast<std::size_t>(width_px) * static_cast<std::size_t>(height_px) * 3;
  if (samples.size() != wanted) {
    throw std::invalid_argument("the picture has " + std::to_string(samples.size()) + " samples, but " +
                                std::to_string(width_px) + " × " + std::to_string(height_px) + " px of three need " +
                                std::to_string(wanted));
  }
  cv::Mat pixels(height_px, width_px, CV_8UC3);
  std::copy(samples.begin(), samples.end(), pixels.data);
  return pixels;
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
