#include "window.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "window_pixels.h"

namespace nearfar::vision::sparse {
namespace {

constexpr int greatest_iterations = 20;
constexpr double settled_px = 5e-4;
/// Of the gain between the images; beyond them they do not show the same.
constexpr double least_gain = 0.3, greatest_gain = 3;
/// Huber's: residuals beyond this many robust standard deviations count no more than one there.
constexpr double greatest_residual = 2.5;
constexpr double sigma_of_median = 1.4826;

using Column = std::vector<double>;

double product(const Column& weights, const Column& a, const Column& b) {
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * a[i] * b[i];
  return sum;
}

Column times(const Column& a, const Column& b) {
  Column result(a.size());
  std::transform(a.begin(), a.end(), b.begin(), result.begin(), std::multiplies<>());
  return result;
}

/// Takes the part along `direction` off.
void take_off(const Column& weights, const Column& direction, double square, Column& column) {
  if (!(square > 0)) return;
  const double share = product(weights, direction, column) / square;
  for (std::size_t i = 0; i < column.size(); ++i) column[i] -= share * direction[i];
}

/// Brightness that varies slowly, up to squares of the place, made perpendicular to each other: light and gloss differ
/// between the views.
class SlowBrightness {
 public:
  SlowBrightness(const WindowPixels& pixels, const Column& weights) : weights_(weights) {
    add(Column(weights.size(), 1));
    add(pixels.offset_x);
    add(pixels.offset_y);
    add(times(pixels.offset_x, pixels.offset_x));
    add(times(pixels.offset_x, pixels.offset_y));
    add(times(pixels.offset_y, pixels.offset_y));
  }

  void take_off_from(Column& column) const {
    for (std::size_t k = 0; k < columns_.size(); ++k) take_off(weights_, columns_[k], squares_[k], column);
  }

 private:
  void add(Column column) {
    take_off_from(column);
    squares_.push_back(product(weights_, column, column));
    columns_.push_back(std::move(column));
  }

  const Column& weights_;
  std::vector<Column> columns_;
  std::vector<double> squares_;
};

/// Of far over near when both have noise of the same size (Deming's regression): that of least squares would be too
/// small on faint texture.
double gain_of(double near_square, double far_square, double shared) {
  if (!(shared > 0)) return least_gain;
  const double difference = far_square - near_square;
  const double gain = (difference + std::hypot(difference, 2 * shared)) / (2 * shared);
  return std::clamp(gain, least_gain, greatest_gain);
}

/// The equations at one shift.
struct Equations {
  cv::Vec2d score;
  cv::Matx22d sensitivity;
  double shared = 0;
  Column residual, instrument_x, instrument_y;
};

Equations equations_at(const WindowPixels& pixels, const FarSamples& seen, const Column& weights) {
  const SlowBrightness slow(pixels, weights);
  Column near = pixels.value, far = seen.value;
  slow.take_off_from(near);
  slow.take_off_from(far);
  const double near_square = product(weights, near, near);
  Equations result;
  result.shared = product(weights, near, far);
  const double gain = gain_of(near_square, product(weights, far, far), result.shared);
  result.residual = far;
  for (std::size_t i = 0; i < near.size(); ++i) result.residual[i] -= gain * near[i];
  std::array<Column, 2> near_slope{pixels.slope_x, pixels.slope_y}, far_slope{seen.slope_x, seen.slope_y};
  for (std::size_t k = 0; k < 2; ++k) {
    for (double& slope : near_slope[k]) slope *= gain;
    for (Column* const column : {&near_slope[k], &far_slope[k]}) {
      slow.take_off_from(*column);
      take_off(weights, near, near_square, *column);
    }
  }
  const double mixed =
      0.5 * (product(weights, near_slope[0], far_slope[1]) + product(weights, near_slope[1], far_slope[0]));
  result.sensitivity = {product(weights, near_slope[0], far_slope[0]), mixed, mixed,
                        product(weights, near_slope[1], far_slope[1])};
  for (std::size_t k = 0; k < 2; ++k) {
    Column& instrument = k == 0 ? result.instrument_x : result.instrument_y;
    instrument = near_slope[k];
    for (std::size_t i = 0; i < near.size(); ++i) instrument[i] = 0.5 * (instrument[i] + far_slope[k][i]);
    result.score[static_cast<int>(k)] = product(weights, instrument, result.residual);
  }
  return result;
}

/// @returns the robust limit of the residuals.
double reweigh(const Column& residual, Column& weights) {
  Column sizes;
  for (std::size_t i = 0; i < residual.size(); ++i) {
    if (weights[i] > 0) sizes.push_back(std::abs(residual[i]));
  }
  const auto middle = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2);
  std::nth_element(sizes.begin(), middle, sizes.end());
  const double limit = greatest_residual * sigma_of_median * *middle;
  for (std::size_t i = 0; i < residual.size(); ++i) {
    if (weights[i] > 0) weights[i] = std::abs(residual[i]) > limit ? limit / std::abs(residual[i]) : 1;
  }
  return limit;
}

bool is_definite(const cv::Matx22d& matrix) {
  const double determinant = matrix(0, 0) * matrix(1, 1) - matrix(0, 1) * matrix(1, 0);
  // Below a thousandth the two directions cannot be told apart.
  return matrix(0, 0) > 0 && matrix(1, 1) > 0 && determinant > 1e-3 * matrix(0, 0) * matrix(1, 1);
}

/// Sums over pairs of pixels of the window, whole on a grid of `side` × `side`.
void add_products(const WindowPixels& pixels, const Equations& at, const Column& weights, WindowMatch& match) {
  const int side = pixels.side;
  const auto cells = static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
  Column residual(cells, 0), x(cells, 0), y(cells, 0), there(cells, 0);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (!(weights[i] > 0)) continue;
    const std::size_t cell = pixels.cell[i];
    residual[cell] = weights[i] * at.residual[i];
    x[cell] = at.instrument_x[i];
    y[cell] = at.instrument_y[i];
    there[cell] = 1;
  }
  for (std::size_t k = 0; k < lag_count; ++k) {
    const Lag lag = lags[k];
    double count = 0, products = 0;
    cv::Vec3d outer, scores;
    for (int row = 0; row + lag.y < side; ++row) {
      const int first = std::max(0, -lag.x), last = std::min(side, side - lag.x);
      for (int column = first; column < last; ++column) {
        const auto a = static_cast<std::size_t>(row * side + column);
        const auto b = static_cast<std::size_t>((row + lag.y) * side + column + lag.x);
        count += there[a] * there[b];
        const double product = residual[a] * residual[b];
        products += product;
        const cv::Vec3d weights_here(x[a] * x[b], 0.5 * (x[a] * y[b] + y[a] * x[b]), y[a] * y[b]);
        outer += weights_here;
        scores += product * weights_here;
      }
    }
    match.residual_products[k] = count > 0 ? products / count : 0;
    match.weight_products[k] = outer;
    match.score_products[k] = scores;
  }
}

}  // namespace

std::optional<WindowMatch> match_window(const SplinePlane& near, const SplinePlane& far,
                                        const Forecast& forecast, const WindowPlace& place) {
  const auto pixels = open_window(near, forecast, place);
  if (!pixels) return std::nullopt;
  cv::Point2d shift = place.start;
  Column weights(pixels->value.size(), 1);
  bool settled = false;
  for (int iteration = 0; iteration < greatest_iterations; ++iteration) {
    const auto seen = look_at(far, *pixels, shift, weights);
    if (!seen) return std::nullopt;
    const Equations at = equations_at(*pixels, *seen, weights);
    if (!is_definite(at.sensitivity)) return std::nullopt;
    if (settled) {
      WindowMatch match{.shift = shift, .sensitivity = at.sensitivity};
      const double count = static_cast<double>(weights.size());
      match.mean = pixels->mean;
      match.contrast = std::sqrt(std::max(0.0, at.shared) / count);
      add_products(*pixels, at, weights, match);
      match.variance = match.residual_products[0];
      return match;
    }
    const cv::Vec2d step = at.sensitivity.inv() * at.score;
    const double length = cv::norm(step);
    // Beyond the texture's own size the gradients tell nothing.
    const double shortened = std::min(1.0, 1.5 * place.stride_px / length);
    shift -= cv::Point2d(step[0], step[1]) * shortened;
    if (!(cv::norm(shift - place.start) <= place.greatest_walk_px)) return std::nullopt;
    settled = length < settled_px * place.stride_px;
    if (!settled) reweigh(at.residual, weights);
  }
  return std::nullopt;
}

}  // namespace nearfar::vision::sparse
