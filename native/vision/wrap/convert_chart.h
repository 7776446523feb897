#pragma once

#include <napi.h>

#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "../core/find_chart.h"

namespace nearfar::vision {

/// 8-bit R, G, B that owns its samples.
class ColorPicture {
 public:
  /// Throws std::invalid_argument when the length does not fit.
  ColorPicture(int width_px, int height_px, std::vector<std::uint8_t> samples);
  /// Shares the samples.
  const cv::Mat& pixels() const { return pixels_; }

 private:
  std::vector<std::uint8_t> samples_;
  cv::Mat pixels_;
};

/// From and to the objects of src/native/vision.ts, as convert.h does it.
ColorPicture picture_from(const Napi::Value& value);
Napi::Value chart_to(Napi::Env env, const std::optional<ChartFinding>& finding);

}  // namespace nearfar::vision
