#pragma once

#include <opencv2/core.hpp>
#include <optional>

#include "saddle.h"
#include "saddle_window.h"

namespace nearfar::vision {

/// Brightness around a corner: (1 + gradient·p) (base + amplitude · S(d1) · S(d2)), where S is a step from -1 to 1
/// blurred by a Gaussian and then integrated over the pixel's square, d1 and d2 are the signed distances from the
/// column line and the row line, positive towards the board's +x and +y, and the gradient is the illumination's, as a
/// share of it per px. Without the square, corners of sharp images are drawn to pixel centres by up to 0.13 px.
struct SaddleModel {
  static constexpr int parameters = 9;
  using Vector = cv::Matx<double, parameters, 1>;
  using Matrix = cv::Matx<double, parameters, parameters>;

  /// Order of `Vector`; positions from the window's origin, angles of the lines' tangents.
  enum Parameter { base, gradient_x, gradient_y, amplitude, at_x, at_y, column_angle, row_angle, log_blur };

  Vector values;
  /// Signs of the lines' left normals that point to +x and +y.
  double column_side = 1, row_side = 1;
  double column_curvature = 0, row_curvature = 0;

  /// A start from the guess and the brightness of the window's quadrants.
  static SaddleModel start(const SaddleGuess& guess, const SaddleWindow& window);
};

/// Sums over a window of what Gauss-Newton needs: weighted squares of the residuals, of their derivatives, and the
/// products of both.
struct NormalEquations {
  double cost = 0;
  SaddleModel::Matrix hessian;
  SaddleModel::Vector gradient;
};

NormalEquations evaluate(const SaddleModel& model, const SaddleWindow& window);

/// Standard deviations that the residuals say.
struct SaddleNoise {
  double pixel = 0;     ///< Of the noise of a pixel, and of what the model does not explain.
  double position = 0;  ///< Of x and of y of the corner, px.
};

/// None where the equations are singular or there are hardly more pixels than parameters.
std::optional<SaddleNoise> noise_of(const SaddleModel& model, const SaddleWindow& window);

}  // namespace nearfar::vision
