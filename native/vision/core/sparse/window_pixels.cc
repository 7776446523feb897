#include "window_pixels.h"

#include <cmath>

namespace nearfar::vision::sparse {
namespace {

/// Of a window's pixels: that can be compared, and beside which the surface breaks off.
constexpr double least_share = 0.75, greatest_step_share = 0.003;

/// d far / d near by least squares over the window: its slopes and perspective.
cv::Matx22d local_scale(const WindowPixels& pixels) {
  cv::Vec2d mean_offset, mean_far;
  const double count = static_cast<double>(pixels.far.size());
  for (std::size_t i = 0; i < pixels.far.size(); ++i) {
    mean_offset += cv::Vec2d(pixels.offset_x[i], pixels.offset_y[i]) / count;
    mean_far += cv::Vec2d(pixels.far[i].x, pixels.far[i].y) / count;
  }
  cv::Matx22d squares = cv::Matx22d::zeros(), mixed = cv::Matx22d::zeros();
  for (std::size_t i = 0; i < pixels.far.size(); ++i) {
    const cv::Vec2d offset = cv::Vec2d(pixels.offset_x[i], pixels.offset_y[i]) - mean_offset;
    const cv::Vec2d far = cv::Vec2d(pixels.far[i].x, pixels.far[i].y) - mean_far;
    squares += offset * offset.t();
    mixed += far * offset.t();
  }
  return mixed * squares.inv();
}

/// Slopes per near px to slopes per far px.
void turn_slopes(WindowPixels& pixels) {
  const cv::Matx22d turn = local_scale(pixels).inv().t();
  for (std::size_t i = 0; i < pixels.slope_x.size(); ++i) {
    const cv::Vec2d slope = turn * cv::Vec2d(pixels.slope_x[i], pixels.slope_y[i]);
    pixels.slope_x[i] = slope[0];
    pixels.slope_y[i] = slope[1];
  }
}

}  // namespace

std::optional<WindowPixels> open_window(const SplinePlane& near, const Forecast& forecast, const WindowPlace& place) {
  const int reach = place.half_px / place.stride_px;
  const int furthest = reach * place.stride_px;
  if (place.x < furthest || place.y < furthest || place.x + furthest >= forecast.size_px ||
      place.y + furthest >= forecast.size_px) {
    return std::nullopt;
  }
  WindowPixels pixels;
  pixels.side = 2 * reach + 1;
  const int cells = pixels.side * pixels.side;
  int steps = 0;
  for (int cell = 0; cell < cells; ++cell) {
    const int i = (cell % pixels.side - reach) * place.stride_px, j = (cell / pixels.side - reach) * place.stride_px;
    const int x = place.x + i, y = place.y + j;
    const std::size_t pixel = forecast.index(x, y);
    steps += forecast.step[pixel];
    if (!std::isfinite(forecast.depth_mm[pixel]) || forecast.hidden[pixel] || !near.is_good(x, y)) continue;
    const Sample sample = near.at(x, y);
    pixels.cell.push_back(static_cast<std::size_t>(cell));
    pixels.offset_x.push_back(i);
    pixels.offset_y.push_back(j);
    pixels.far.push_back(forecast.far[pixel]);
    pixels.value.push_back(sample.value);
    pixels.slope_x.push_back(sample.dx);
    pixels.slope_y.push_back(sample.dy);
    pixels.mean += sample.value;
  }
  if (steps > greatest_step_share * cells || pixels.cell.size() < least_share * cells) return std::nullopt;
  pixels.mean /= static_cast<double>(pixels.cell.size());
  turn_slopes(pixels);
  return pixels;
}

std::optional<FarSamples> look_at(const SplinePlane& far, const WindowPixels& pixels, const cv::Point2d& shift,
                                  std::vector<double>& weights) {
  const std::size_t count = pixels.far.size();
  FarSamples seen{std::vector<double>(count), std::vector<double>(count), std::vector<double>(count)};
  std::size_t left = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const cv::Point2d at = pixels.far[i] + shift;
    if (!far.is_good(at.x, at.y)) {
      weights[i] = 0;
      continue;
    }
    if (weights[i] == 0) weights[i] = 1;
    const Sample sample = far.at(at.x, at.y);
    seen.value[i] = sample.value;
    seen.slope_x[i] = sample.dx;
    seen.slope_y[i] = sample.dy;
    ++left;
  }
  if (left < least_share * pixels.side * pixels.side) return std::nullopt;
  return seen;
}

}  // namespace nearfar::vision::sparse
