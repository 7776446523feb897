#include "forecast.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "../parallel.h"

namespace nearfar::vision::sparse {
namespace {

/// Neighbouring pixels further apart in depth, over their distance across the axis, are not one surface (80°).
constexpr double greatest_slope = 6;
/// A surface hides what lies this much behind it.
constexpr float hiding_mm = 5;
constexpr int smoothing_radius_px = 4;
constexpr double smoothing_sigma_px = 2;

/// Gaussian mean of the depths around that belong to the same surface. A matched depth has errors of its own from
/// pixel to pixel, which would shake the window.
float smoothed_depth(const Request& request, const Forecast& forecast, int x, int y) {
  const float middle = request.depth_mm[forecast.index(x, y)];
  if (!(middle < std::min(request.geometry.near_depth_mm, request.geometry.far_depth_mm))) {
    return std::numeric_limits<float>::quiet_NaN();
  }
  const double step_mm = greatest_slope / request.geometry.px_per_mm;
  double sum = 0, weights = 0;
  const int last = request.geometry.size - 1;
  for (int j = -smoothing_radius_px; j <= smoothing_radius_px; ++j) {
    for (int i = -smoothing_radius_px; i <= smoothing_radius_px; ++i) {
      // Pairs of opposite pixels, so that a slope is kept at the rim of a surface too.
      if (x + i < 0 || x - i < 0 || x + i > last || x - i > last) continue;
      if (y + j < 0 || y - j < 0 || y + j > last || y - j > last) continue;
      const float depth = request.depth_mm[forecast.index(x + i, y + j)];
      const float opposite = request.depth_mm[forecast.index(x - i, y - j)];
      const double reach_mm = step_mm * std::hypot(i, j);
      if (!(std::abs(depth - middle) <= reach_mm && std::abs(opposite - middle) <= reach_mm)) continue;
      const double weight = std::exp(-0.5 * (i * i + j * j) / (smoothing_sigma_px * smoothing_sigma_px));
      sum += weight * (depth - middle);
      weights += weight;
    }
  }
  return middle + static_cast<float>(sum / weights);
}

bool is_step(const Request& request, const Forecast& forecast, int x, int y) {
  const double step_mm = greatest_slope / request.geometry.px_per_mm;
  const float depth = forecast.depth_mm[forecast.index(x, y)];
  for (const auto& [i, j] : {std::pair{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
    if (x + i < 0 || y + j < 0 || x + i >= request.geometry.size || y + j >= request.geometry.size) continue;
    if (std::abs(forecast.depth_mm[forecast.index(x + i, y + j)] - depth) > step_mm) return true;
  }
  return false;
}

/// The depth that the far camera sees at each of its pixels, as far as the near view shows it.
std::vector<float> far_surface(const Forecast& forecast) {
  std::vector<float> nearest(forecast.depth_mm.size(), -std::numeric_limits<float>::infinity());
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    const cv::Point2d& far = forecast.far[i];
    if (!(far.x >= 0 && far.y >= 0 && far.x < forecast.size_px - 1 && far.y < forecast.size_px - 1)) continue;
    float& here = nearest[forecast.index(static_cast<int>(std::lround(far.x)), static_cast<int>(std::lround(far.y)))];
    here = std::max(here, forecast.depth_mm[i]);
  }
  return nearest;
}

bool is_hidden(const Forecast& forecast, const std::vector<float>& far_depths, std::size_t pixel) {
  const cv::Point2d& far = forecast.far[pixel];
  const int x = static_cast<int>(std::lround(far.x)), y = static_cast<int>(std::lround(far.y));
  if (!(x >= 1 && y >= 1 && x < forecast.size_px - 1 && y < forecast.size_px - 1)) return true;
  for (int j = -1; j <= 1; ++j) {
    for (int i = -1; i <= 1; ++i) {
      if (far_depths[forecast.index(x + i, y + j)] > forecast.depth_mm[pixel] + hiding_mm) return true;
    }
  }
  return false;
}

}  // namespace

Forecast forecast_of(const Request& request, std::size_t threads, const CancelFlag& flag) {
  const auto size = static_cast<std::size_t>(request.geometry.size);
  const std::size_t pixels = size * size;
  Forecast forecast{request.geometry.size, std::vector<float>(pixels), std::vector<cv::Point2d>(pixels),
                    std::vector<std::uint8_t>(pixels), std::vector<std::uint8_t>(pixels)};
  const match::Mapper to_far(request.geometry, match::Arm::near);
  for_each_index(threads, size, flag, [&](std::size_t row) {
    const int y = static_cast<int>(row);
    for (int x = 0; x < request.geometry.size; ++x) {
      const std::size_t pixel = forecast.index(x, y);
      forecast.depth_mm[pixel] = smoothed_depth(request, forecast, x, y);
      const match::Place far = to_far(x, y, forecast.depth_mm[pixel]);
      forecast.far[pixel] = {far.x, far.y};
    }
  });
  const std::vector<float> far_depths = far_surface(forecast);
  for_each_index(threads, size, flag, [&](std::size_t row) {
    const int y = static_cast<int>(row);
    for (int x = 0; x < request.geometry.size; ++x) {
      const std::size_t pixel = forecast.index(x, y);
      if (!std::isfinite(forecast.depth_mm[pixel])) continue;
      forecast.step[pixel] = is_step(request, forecast, x, y);
      forecast.hidden[pixel] = is_hidden(forecast, far_depths, pixel);
    }
  });
  return forecast;
}

}  // namespace nearfar::vision::sparse
