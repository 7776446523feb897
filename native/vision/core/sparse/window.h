#pragma once

#include <array>
#include <opencv2/core.hpp>
#include <optional>

#include "forecast.h"
#include "lag.h"
#include "spline_plane.h"

namespace nearfar::vision::sparse {

/// Where and how finely to look.
struct WindowPlace {
  /// Middle, near px.
  int x = 0, y = 0;
  int half_px = 0;
  /// Of the pixels that are compared.
  int stride_px = 1;
  /// Where to begin, far px from the forecast.
  cv::Point2d start;
  /// From `start`; a window that walks further is lost.
  double greatest_walk_px = 0;
};

struct WindowMatch {
  /// Far px from the forecast.
  cv::Point2d shift;
  /// How the equations that the shift solves change with it. Products of the two images' gradients, so that the noise
  /// of neither counts as texture.
  cv::Matx22d sensitivity;
  /// Mean value of the near image, and what both images share beside slow changes of brightness, rms.
  double mean = 0, contrast = 0;
  /// Variance of a pixel's residual, of its outliers the clamped part.
  double variance = 0;
  /// For each lag the mean product of residuals.
  std::array<double, lag_count> residual_products{};
  /// For each lag the summed outer products (xx, xy, yy) of what weighs the residuals in the equations.
  std::array<cv::Vec3d, lag_count> weight_products{};
  /// The same of the residuals so weighed: larger than noise makes them where what does not fit lies on the texture.
  std::array<cv::Vec3d, lag_count> score_products{};
};

/// Finds the shift at which the far image, sampled where the forecast leads plus the shift, equals the near one but
/// for gain and slow changes of brightness (a square polynomial). Gauss and Newton, with Huber's weights. The equations
/// ask that the residuals have nothing in common with the mean of both images' gradients, of which the part that gain or
/// slow brightness could explain is taken off.
/// @returns none where too much of the window cannot be compared, it holds a step of depth, or the shift does not
/// settle.
std::optional<WindowMatch> match_window(const SplinePlane& near, const SplinePlane& far,
                                        const Forecast& forecast, const WindowPlace& place);

}  // namespace nearfar::vision::sparse
