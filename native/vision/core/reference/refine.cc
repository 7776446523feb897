#include "refine.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <array>
#include <cmath>

namespace nearfar::vision::reference {
namespace {

constexpr int most_steps = 20;
constexpr double close_enough_px = 0.001;
constexpr double least_overlap = 0.15;
/// Homography without its last element, gain, offset.
constexpr int unknowns = 10;

/// One pixel of the fixed plane that has a partner.
struct Sample {
  /// From the middle of the planes, over half their width: about -1 to 1.
  double u, v;
  double fixed;
  double moving;
  /// Of the moving plane, per unit of its own coordinates.
  double slope_u, slope_v;
  /// Where it lies in the moving plane, same units, and the third homogeneous coordinate.
  double to_u, to_v, depth;
};

/// From the middle, over half the width.
struct Units {
  double middle_x, middle_y, half;

  explicit Units(const Plane& plane)
      : middle_x((plane.width - 1) / 2.0), middle_y((plane.height - 1) / 2.0), half(plane.width / 2.0) {}

  cv::Matx33d px_of_unit() const { return {half, 0, middle_x, 0, half, middle_y, 0, 0, 1}; }
  cv::Matx33d unit_of_px() const {
    return {1 / half, 0, -middle_x / half, 0, 1 / half, -middle_y / half, 0, 0, 1};
  }
};

/// Value and slopes of a plane between its pixels: cubic through the four nearest in each direction (Keys, a = -1/2).
class Interpolator {
 public:
  explicit Interpolator(const Plane& plane) : plane_(plane) {}

  bool at(double x, double y, double& value, double& slope_x, double& slope_y) const {
    const int column = static_cast<int>(std::floor(x));
    const int row = static_cast<int>(std::floor(y));
    if (column < 1 || row < 1 || column + 2 >= plane_.width || row + 2 >= plane_.height) return false;
    std::array<double, 4> wx, wy, dx, dy;
    weights(x - column, wx, dx);
    weights(y - row, wy, dy);
    value = slope_x = slope_y = 0;
    for (int j = 0; j < 4; ++j) {
      double sum = 0;
      double slope = 0;
      for (int i = 0; i < 4; ++i) {
        const std::size_t index = plane_.index(column - 1 + i, row - 1 + j);
        if (!plane_.valid[index]) return false;
        sum += wx[i] * plane_.samples[index];
        slope += dx[i] * plane_.samples[index];
      }
      value += wy[j] * sum;
      slope_x += wy[j] * slope;
      slope_y += dy[j] * sum;
    }
    return true;
  }

 private:
  static void weights(double t, std::array<double, 4>& w, std::array<double, 4>& d) {
    w = {((-0.5 * t + 1) * t - 0.5) * t, (1.5 * t - 2.5) * t * t + 1, ((-1.5 * t + 2) * t + 0.5) * t,
         (0.5 * t - 0.5) * t * t};
    d = {(-1.5 * t + 2) * t - 0.5, (4.5 * t - 5) * t, (-4.5 * t + 4) * t + 0.5, (1.5 * t - 1) * t};
  }

  const Plane& plane_;
};

std::vector<Sample> sample(const Plane& fixed, const Plane& moving, const cv::Matx33d& h) {
  const Units units(fixed);
  const Units there(moving);
  const Interpolator interpolator(moving);
  std::vector<Sample> samples;
  samples.reserve(fixed.samples.size());
  for (int y = 0; y < fixed.height; ++y) {
    for (int x = 0; x < fixed.width; ++x) {
      const std::size_t at = fixed.index(x, y);
      if (!fixed.valid[at]) continue;
      Sample s{};
      s.u = (x - units.middle_x) / units.half;
      s.v = (y - units.middle_y) / units.half;
      s.depth = h(2, 0) * s.u + h(2, 1) * s.v + h(2, 2);
      if (!(s.depth > 0)) continue;
      s.to_u = (h(0, 0) * s.u + h(0, 1) * s.v + h(0, 2)) / s.depth;
      s.to_v = (h(1, 0) * s.u + h(1, 1) * s.v + h(1, 2)) / s.depth;
      const double to_x = there.middle_x + there.half * s.to_u;
      const double to_y = there.middle_y + there.half * s.to_v;
      if (!interpolator.at(to_x, to_y, s.moving, s.slope_u, s.slope_v)) continue;
      s.slope_u *= there.half;
      s.slope_v *= there.half;
      s.fixed = fixed.samples[at];
      samples.push_back(s);
    }
  }
  return samples;
}

struct Light {
  double gain = 1;
  double offset = 0;
};

Light usual_light(const std::vector<Sample>& samples) {
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (const Sample& s : samples) {
    n += 1;
    x += s.fixed;
    y += s.moving;
    xx += s.fixed * s.fixed;
    xy += s.fixed * s.moving;
  }
  const double variance = n * xx - x * x;
  if (!(variance > 0)) throw Undecided("the images have no texture");
  const double gain = (n * xy - x * y) / variance;
  return {gain, (y - gain * x) / n};
}

double median_residual(const std::vector<Sample>& samples, const Light& light) {
  std::vector<double> residuals;
  residuals.reserve(samples.size());
  for (const Sample& s : samples) residuals.push_back(std::abs(light.gain * s.fixed + light.offset - s.moving));
  const auto middle = residuals.begin() + static_cast<std::ptrdiff_t>(residuals.size() / 2);
  std::nth_element(residuals.begin(), middle, residuals.end());
  return *middle;
}

/// Tukey's biweight; 4.685 standard deviations leave 95 % efficiency, 1.4826 makes one of a median.
double tukey(double residual, double median) {
  const double share = residual / (4.685 * 1.4826 * median + 1e-12);
  const double rest = 1 - share * share;
  return rest > 0 ? rest * rest : 0;
}

struct Step {
  cv::Matx33d homography;
  Light light;
};

Step step(const std::vector<Sample>& samples, const cv::Matx33d& h, const Light& light, double median) {
  Eigen::Matrix<double, unknowns, unknowns> normal = decltype(normal)::Zero();
  Eigen::Matrix<double, unknowns, 1> right = decltype(right)::Zero();
  for (const Sample& s : samples) {
    const double weight = tukey(light.gain * s.fixed + light.offset - s.moving, median);
    if (weight == 0) continue;
    const double a = s.slope_u / s.depth;
    const double b = s.slope_v / s.depth;
    const double c = -(a * s.to_u + b * s.to_v);
    const std::array<double, unknowns> row = {a * s.u, a * s.v, a,       b * s.u,  b * s.v,
                                              b,       c * s.u, c * s.v, -s.fixed, -1};
    for (int i = 0; i < unknowns; ++i) {
      right(i) -= weight * row[i] * s.moving;
      for (int j = 0; j <= i; ++j) normal(i, j) += weight * row[i] * row[j];
    }
  }
  const Eigen::LLT<decltype(normal)> decomposition(normal);
  if (decomposition.info() != Eigen::Success) throw Undecided("the images have too little texture");
  const Eigen::Matrix<double, unknowns, 1> solved = decomposition.solve(right);
  cv::Matx33d moved = h;
  for (int i = 0; i < 8; ++i) moved.val[i] += solved(i);
  return {moved, {solved(8), solved(9)}};
}

/// How far, px of the moving plane, a corner moves from one homography to the other, at most.
double corner_motion_px(const cv::Matx33d& before, const cv::Matx33d& after, double half_px) {
  double most = 0;
  for (const double u : {-1.0, 1.0}) {
    for (const double v : {-1.0, 1.0}) {
      const cv::Vec3d a = before * cv::Vec3d(u, v, 1);
      const cv::Vec3d b = after * cv::Vec3d(u, v, 1);
      most = std::max(most, half_px * std::hypot(a[0] / a[2] - b[0] / b[2], a[1] / a[2] - b[1] / b[2]));
    }
  }
  return most;
}

double correlation_of(const std::vector<Sample>& samples, const Light& light, double median) {
  double w = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  for (const Sample& s : samples) {
    const double weight = tukey(light.gain * s.fixed + light.offset - s.moving, median);
    w += weight;
    x += weight * s.fixed;
    y += weight * s.moving;
    xx += weight * s.fixed * s.fixed;
    yy += weight * s.moving * s.moving;
    xy += weight * s.fixed * s.moving;
  }
  const double variances = (xx - x * x / w) * (yy - y * y / w);
  return variances > 0 ? (xy - x * y / w) / std::sqrt(variances) : 0;
}

}  // namespace

Refined refine(const Plane& fixed, const Plane& moving, const cv::Matx33d& start, const CancelFlag& flag) {
  const Units here(fixed);
  const Units there(moving);
  const double whole = static_cast<double>(fixed.width) * fixed.height;
  cv::Matx33d h = there.unit_of_px() * start * here.px_of_unit();
  h = h * (1 / h(2, 2));
  Refined result{};
  for (int i = 0; i < most_steps; ++i) {
    flag.check();
    const std::vector<Sample> samples = sample(fixed, moving, h);
    result.overlap = static_cast<double>(samples.size()) / whole;
    if (result.overlap < least_overlap) throw Undecided("the images hardly overlap");
    const Light light = usual_light(samples);
    result.residual = median_residual(samples, light);
    result.correlation = correlation_of(samples, light, result.residual);
    const Step next = step(samples, h, light, result.residual);
    result.last_step_px = corner_motion_px(h, next.homography, there.half);
    h = next.homography;
    if (result.last_step_px < close_enough_px) break;
  }
  result.homography = there.px_of_unit() * h * here.unit_of_px();
  result.homography = result.homography * (1 / result.homography(2, 2));
  return result;
}

}  // namespace nearfar::vision::reference
