#pragma once

#include <napi.h>

#include <opencv2/core.hpp>
#include <optional>

#include "../core/find_chart.h"

namespace nearfar::vision {

/// From and to the objects of src/native/vision.ts, as convert.h does it.
/// 8-bit R, G, B; copied. @throws std::invalid_argument when the length does not fit.
cv::Mat picture_from(const Napi::Value& value);
Napi::Value chart_to(Napi::Env env, const std::optional<ChartFinding>& finding);

}  // namespace nearfar::vision
