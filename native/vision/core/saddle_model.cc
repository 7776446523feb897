#include "saddle_model.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nearfar::vision {
namespace {

using Row = std::array<double, SaddleModel::parameters>;

/// A step as pixels see it, with its derivatives by distance and by the logarithm of the blur.
struct Step {
  double value, slope, by_log_blur;
};

/// The error function and its bell exp(-z²), by Abramowitz and Stegun 7.1.26 (error below 1.5e-7).
struct ErrorFunction {
  double value, bell;

  explicit ErrorFunction(double z_signed) {
    const double z = std::abs(z_signed);
    bell = std::exp(-z * z);
    const double t = 1 / (1 + 0.3275911 * z);
    const double tail =
        t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
    value = std::copysign(1 - tail * bell, z_signed);
  }
};

/// The profile of an edge across a line of one direction.
///
/// A square pixel seen along the edge is a trapezoid: a box as wide as the greater part of the normal, blurred by one
/// as wide as the lesser. The lesser is taken as a Gaussian of the same variance; the greater is integrated exactly.
class EdgeProfile {
 public:
  EdgeProfile(double tangent_x, double tangent_y, double blur) {
    const double across = std::abs(tangent_y), up = std::abs(tangent_x);
    const double lesser = std::min(across, up);
    width_ = std::max(across, up);
    sigma_ = std::sqrt(blur * blur + lesser * lesser / 12);
    share_ = blur * blur / sigma_;
  }

  /// Flat beyond 4.5 standard deviations (1e-5 of the step).
  Step at(double distance) const {
    const double right = distance + width_ / 2, left = distance - width_ / 2;
    if (std::min(std::abs(right), std::abs(left)) > 4.5 * sigma_ && right * left > 0)
      return {std::copysign(1.0, distance), 0, 0};
    const double scale = 1 / (sigma_ * M_SQRT2);
    const ErrorFunction to_right(right * scale), to_left(left * scale);
    // The integral of erf(t / √2σ) is t erf(t / √2σ) + σ √(2/π) exp(-t² / 2σ²); by σ, √(2/π) exp(-t² / 2σ²).
    const double bells = M_2_SQRTPI * M_SQRT1_2 * (to_right.bell - to_left.bell);
    return {(right * to_right.value - left * to_left.value + sigma_ * bells) / width_,
            (to_right.value - to_left.value) / width_, share_ * bells / width_};
  }

 private:
  double width_, sigma_, share_;
};

/// One of the two lines, prepared for many pixels.
struct Line {
  double tangent_x, tangent_y, side, curvature;

  Line(double angle, double side_of, double curvature_of)
      : tangent_x(std::cos(angle)), tangent_y(std::sin(angle)), side(side_of), curvature(curvature_of) {}
  double along(double x, double y) const { return tangent_x * x + tangent_y * y; }
  double distance(double x, double y) const {
    const double s = along(x, y);
    return side * (tangent_x * y - tangent_y * x) - 0.5 * curvature * s * s;
  }
};

/// Sum of weighted outer products, lower triangle.
class SquareSum {
 public:
  /// @param used how many of the derivatives are not zero, from the first one on.
  void add(const Row& row, std::size_t used, double weight) {
    std::size_t place = 0;
    for (std::size_t i = 0; i < used; ++i) {
      const double weighted = weight * row[i];
      for (std::size_t j = 0; j <= i; ++j) sums_[place++] += weighted * row[j];
    }
  }

  SaddleModel::Matrix matrix() const {
    SaddleModel::Matrix result;
    std::size_t place = 0;
    for (int i = 0; i < SaddleModel::parameters; ++i) {
      for (int j = 0; j <= i; ++j) result(i, j) = result(j, i) = sums_[place++];
    }
    return result;
  }

 private:
  std::array<double, SaddleModel::parameters*(SaddleModel::parameters + 1) / 2> sums_{};
};

/// Calls `use(derivatives, used, residual, weight)` for each pixel; only `used` derivatives are not zero. Those of the
/// geometry are zero off the edges, which is most of the window.
template <typename Use>
void for_each_pixel(const SaddleModel& model, const SaddleWindow& window, Use use) {
  const SaddleModel::Vector& p = model.values;
  const double blur = std::exp(p(SaddleModel::log_blur));
  const Line column(p(SaddleModel::column_angle), model.column_side, model.column_curvature);
  const Line row(p(SaddleModel::row_angle), model.row_side, model.row_curvature);
  const EdgeProfile across_column(column.tangent_x, column.tangent_y, blur);
  const EdgeProfile across_row(row.tangent_x, row.tangent_y, blur);
  const double amplitude = p(SaddleModel::amplitude);

  for (const WeightedPixel& pixel : window.pixels) {
    const double x = pixel.x_px - p(SaddleModel::at_x), y = pixel.y_px - p(SaddleModel::at_y);
    const double d1 = column.distance(x, y), d2 = row.distance(x, y);
    const Step s1 = across_column.at(d1), s2 = across_row.at(d2);
    const double light = 1 + p(SaddleModel::gradient_x) * pixel.x_px + p(SaddleModel::gradient_y) * pixel.y_px;
    const double print = p(SaddleModel::base) + amplitude * s1.value * s2.value;
    const double to_column = light * amplitude * s1.slope * s2.value;
    const double to_row = light * amplitude * s1.value * s2.slope;
    const double residual = pixel.value - light * print;
    const double shape = s1.value * s2.value;
    if (to_column == 0 && to_row == 0) {
      use(Row{light, pixel.x_px * print, pixel.y_px * print, light * shape}, std::size_t{4}, residual, pixel.weight);
      continue;
    }
    const double along_column = column.along(x, y), along_row = row.along(x, y);
    const double bend_column = column.curvature * along_column, bend_row = row.curvature * along_row;
    const Row derivatives{
        light,
        pixel.x_px * print,
        pixel.y_px * print,
        light * shape,
        to_column * (column.side * column.tangent_y + bend_column * column.tangent_x) +
            to_row * (row.side * row.tangent_y + bend_row * row.tangent_x),
        to_column * (-column.side * column.tangent_x + bend_column * column.tangent_y) +
            to_row * (-row.side * row.tangent_x + bend_row * row.tangent_y),
        -to_column * column.side * along_column,
        -to_row * row.side * along_row,
        light * amplitude * (s1.by_log_blur * s2.value + s1.value * s2.by_log_blur)};
    use(derivatives, derivatives.size(), residual, pixel.weight);
  }
}

double angle_of(const cv::Vec2d& direction) { return std::atan2(direction[1], direction[0]); }

double cross(const cv::Vec2d& a, const cv::Vec2d& b) { return a[0] * b[1] - a[1] * b[0]; }

}  // namespace

SaddleModel SaddleModel::start(const SaddleGuess& guess, const SaddleWindow& window) {
  SaddleModel model;
  model.column_side = cross(guess.step_y, guess.step_x) > 0 ? 1 : -1;
  model.row_side = -model.column_side;
  model.column_curvature = guess.column_curvature;
  model.row_curvature = guess.row_curvature;
  model.values(at_x) = guess.at.x - window.origin.x;
  model.values(at_y) = guess.at.y - window.origin.y;
  model.values(column_angle) = angle_of(guess.step_y);
  model.values(row_angle) = angle_of(guess.step_x);
  model.values(log_blur) = std::log(guess.blur_px);

  const Line column(model.values(column_angle), model.column_side, 0);
  const Line row(model.values(row_angle), model.row_side, 0);
  double sums[2] = {0, 0}, weights[2] = {0, 0};
  for (const WeightedPixel& pixel : window.pixels) {
    const double x = pixel.x_px - model.values(at_x), y = pixel.y_px - model.values(at_y);
    const int same = column.distance(x, y) * row.distance(x, y) > 0;
    sums[same] += pixel.weight * pixel.value;
    weights[same] += pixel.weight;
  }
  const double unlike = sums[0] / weights[0], like = sums[1] / weights[1];
  model.values(base) = (like + unlike) / 2;
  model.values(amplitude) = (like - unlike) / 2;
  return model;
}

NormalEquations evaluate(const SaddleModel& model, const SaddleWindow& window) {
  NormalEquations equations;
  SquareSum hessian;
  Row gradient{};
  for_each_pixel(model, window, [&](const Row& row, std::size_t used, double residual, double weight) {
    equations.cost += weight * residual * residual;
    hessian.add(row, used, weight);
    for (std::size_t i = 0; i < used; ++i) gradient[i] += weight * residual * row[i];
  });
  equations.hessian = hessian.matrix();
  equations.gradient = SaddleModel::Vector(gradient.data());
  return equations;
}

std::optional<SaddleNoise> noise_of(const SaddleModel& model, const SaddleWindow& window) {
  SquareSum hessian, scatter;
  double squares = 0, weights = 0;
  // Squared weights keep what leaks in from the markers out of the noise.
  for_each_pixel(model, window, [&](const Row& row, std::size_t used, double residual, double weight) {
    squares += weight * weight * residual * residual;
    weights += weight * weight;
    hessian.add(row, used, weight);
    scatter.add(row, used, weight * weight);
  });
  bool invertible = false;
  const SaddleModel::Matrix inverse = hessian.matrix().inv(cv::DECOMP_CHOLESKY, &invertible);
  const double freedom = weights - SaddleModel::parameters;
  if (!invertible || !(freedom > 1)) return std::nullopt;
  const double variance = squares / freedom;
  // The weights are no inverse variances: covariance = s² H⁻¹ S H⁻¹.
  const SaddleModel::Matrix shape = inverse * scatter.matrix() * inverse;
  const double position = shape(SaddleModel::at_x, SaddleModel::at_x) + shape(SaddleModel::at_y, SaddleModel::at_y);
  return SaddleNoise{std::sqrt(variance), std::sqrt(variance * position / 2)};
}

}  // namespace nearfar::vision
