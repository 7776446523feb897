#include <algorithm>
#include <cmath>

#include "saddle.h"
#include "saddle_model.h"
#include "saddle_window.h"

namespace nearfar::vision {
namespace {

struct Limits {
  /// Of the half-window.
  double window_px;
  /// The iterations end when they move the corner by less.
  double settled_px;
  /// The window is laid again when the corner turns out to be further than this from its centre.
  double decentring_px;
};

constexpr Limits limits_of(Effort effort) {
  return effort == Effort::full ? Limits{15, 1e-4, 0.1} : Limits{8, 1e-2, 0.5};
}

constexpr int greatest_iterations = 20;
constexpr int greatest_recentrings = 3;

constexpr double least_blur_px = 0.1;
/// What is left after the fit, in units of half the contrast; a corner of another kind leaves more than half.
constexpr double greatest_residual = 0.35;
constexpr double greatest_sigma_px = 0.3;
/// Between the fitted lines and those of the guess.
constexpr double greatest_turn_rad = 0.25;
/// From the guess, in units of the window.
constexpr double greatest_walk = 0.8;

struct Fitted {
  SaddleModel model;
  NormalEquations equations;
};

bool is_finite(const SaddleModel::Vector& values) {
  return std::all_of(values.val, values.val + SaddleModel::parameters,
                     [](double value) { return std::isfinite(value); });
}

std::optional<SaddleModel::Vector> damped_step(const NormalEquations& at, double damping) {
  SaddleModel::Matrix matrix = at.hessian;
  for (int i = 0; i < SaddleModel::parameters; ++i) matrix(i, i) *= 1 + damping;
  SaddleModel::Vector step;
  if (!cv::solve(matrix, at.gradient, step, cv::DECOMP_CHOLESKY) || !is_finite(step)) return std::nullopt;
  return step;
}

SaddleModel moved(const SaddleModel& model, const SaddleModel::Vector& step, double greatest_blur_px) {
  SaddleModel result = model;
  result.values += step;
  double& log_blur = result.values(SaddleModel::log_blur);
  log_blur = std::clamp(log_blur, std::log(least_blur_px), std::log(greatest_blur_px));
  return result;
}

/// Levenberg and Marquardt. None when the equations are singular.
std::optional<Fitted> minimise(const SaddleModel& start, const SaddleWindow& window, double settled_px) {
  Fitted best{start, evaluate(start, window)};
  double damping = 1e-3;
  for (int i = 0; i < greatest_iterations; ++i) {
    const auto step = damped_step(best.equations, damping);
    if (!step) return std::nullopt;
    const SaddleModel next = moved(best.model, *step, window.half_axis_px);
    const NormalEquations equations = evaluate(next, window);
    if (equations.cost < best.equations.cost) {
      best = {next, equations};
      damping *= 0.1;
    } else {
      damping *= 10;
      if (!(damping < 1e6)) break;
    }
    if (std::hypot((*step)(SaddleModel::at_x), (*step)(SaddleModel::at_y)) < settled_px) break;
  }
  return best;
}

double turn_between(double angle, const cv::Vec2d& direction) {
  return std::abs(std::remainder(angle - std::atan2(direction[1], direction[0]), 2 * CV_PI));
}

bool is_believable(const Fitted& fitted, const SaddleGuess& guess, const SaddleNoise& noise) {
  const SaddleModel::Vector& values = fitted.model.values;
  const double sign = guess.white_below_right ? 1 : -1;
  const double towards_white = sign * values(SaddleModel::amplitude);
  return towards_white > 0 && noise.pixel < greatest_residual * towards_white &&
         noise.position < greatest_sigma_px &&
         turn_between(values(SaddleModel::column_angle), guess.step_y) < greatest_turn_rad &&
         turn_between(values(SaddleModel::row_angle), guess.step_x) < greatest_turn_rad;
}

}  // namespace

std::optional<SaddleFit> fit_saddle(const Image& image, const SaddleGuess& guess, Effort effort) {
  const Limits limits = limits_of(effort);
  SaddleGuess current = guess;
  for (int pass = 0;; ++pass) {
    const auto window = open_window(image, current, limits.window_px);
    if (!window) return std::nullopt;
    const auto fitted = minimise(SaddleModel::start(current, *window), *window, limits.settled_px);
    if (!fitted) return std::nullopt;
    const SaddleModel::Vector& values = fitted->model.values;
    const cv::Point2d at = window->origin + cv::Point2d(values(SaddleModel::at_x), values(SaddleModel::at_y));
    if (!(cv::norm(at - guess.at) <= greatest_walk * window->half_axis_px)) return std::nullopt;
    const double decentring_px = cv::norm(at - current.at);
    current.at = at;
    current.blur_px = std::exp(values(SaddleModel::log_blur));
    if (decentring_px > limits.decentring_px && pass < greatest_recentrings) continue;
    const auto noise = noise_of(fitted->model, *window);
    if (!noise || !is_believable(*fitted, guess, *noise)) return std::nullopt;
    return SaddleFit{at, noise->position, current.blur_px, window->half_axis_px};
  }
}

}  // namespace nearfar::vision
