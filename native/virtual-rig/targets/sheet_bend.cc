#include "targets/sheet_bend.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "cameras/scene/random.h"

namespace nearfar::rig {
namespace {

constexpr int kScanSteps = 24;

/// Integral of f from 0 to b by Gauss-Legendre with five points: exact up to degree 9, which squared slopes stay below.
template <typename Function>
double integral_to(double b, Function f) {
  constexpr std::array<double, 5> kNodes{-0.906179845938664, -0.538469310105683, 0, 0.538469310105683,
                                         0.906179845938664};
  constexpr std::array<double, 5> kWeights{0.236926885056189, 0.478628670499366, 0.568888888888889,
                                           0.478628670499366, 0.236926885056189};
  double sum = 0;
  for (std::size_t i = 0; i < kNodes.size(); ++i) sum += kWeights[i] * f(b * (kNodes[i] + 1) / 2);
  return sum * b / 2;
}

}  // namespace

SheetBend::SheetBend(const SizeMm& sheet, double bend_mm, std::uint64_t seed)
    : flat_(bend_mm == 0), half_{sheet.width / 2, sheet.height / 2} {
  if (flat_) return;
  Random random(mix_seed({seed, 0x62656E64}));
  std::array<double*, 6> terms{&cubic_x_, &cubic_y_, &quartic_x_, &quartic_y_, &mixed_, &twist_};
  for (double* term : terms) *term = random.uniform() * 2 - 1;
  double greatest = 0;
  for (int i = 0; i <= kScanSteps; ++i)
    for (int j = 0; j <= kScanSteps; ++j)
      greatest = std::max(greatest, std::abs(sag(half_.width * (2.0 * i / kScanSteps - 1),
                                                 half_.height * (2.0 * j / kScanSteps - 1))));
  for (double* term : terms) *term *= bend_mm / greatest;
}

double SheetBend::sag(double u, double v) const {
  const double x = u / half_.width, y = v / half_.height;
  return x * x * x * (cubic_x_ + quartic_x_ * x) + y * y * y * (cubic_y_ + quartic_y_ * y) + mixed_ * x * x * y * y +
         twist_ * x * y;
}

Vec2 SheetBend::slope(double u, double v) const {
  const double x = u / half_.width, y = v / half_.height;
  return {(x * x * (3 * cubic_x_ + 4 * quartic_x_ * x) + 2 * mixed_ * x * y * y + twist_ * y) / half_.width,
          (y * y * (3 * cubic_y_ + 4 * quartic_y_ * y) + 2 * mixed_ * x * x * y + twist_ * x) / half_.height};
}

Vec3 SheetBend::position(double u, double v) const {
  if (flat_) return {u, v, 0};
  const auto squared = [](double value) { return value * value; };
  const double shorter_u = integral_to(u, [&](double at) { return squared(slope(at, v).x) / 2; });
  const double shorter_v = integral_to(v, [&](double at) { return squared(slope(u, at).y) / 2; });
  return {u - shorter_u, v - shorter_v, sag(u, v)};
}

Vec3 SheetBend::normal(double u, double v) const {
  const Vec2 along = slope(u, v);
  return normalized({along.x, along.y, -1});
}

double SheetBend::greatest_curvature() const {
  if (flat_) return 0;
  // Bounds of the second derivatives at |x|, |y| <= 1, added up: along x, along y, and twice across.
  const double along_x = 6 * std::abs(cubic_x_) + 12 * std::abs(quartic_x_) + 2 * std::abs(mixed_);
  const double along_y = 6 * std::abs(cubic_y_) + 12 * std::abs(quartic_y_) + 2 * std::abs(mixed_);
  const double across = 4 * std::abs(mixed_) + std::abs(twist_);
  return std::max(along_x / (half_.width * half_.width), along_y / (half_.height * half_.height)) +
         across / (half_.width * half_.height);
}

}  // namespace nearfar::rig
