#include "targets/print_displacement.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "cameras/scene/random.h"

namespace nearfar::rig {

PrintDisplacement::PrintDisplacement(const SizeMm& pattern, double rms_mm, std::uint64_t seed) : ideal_(rms_mm == 0) {
  Random random(mix_seed({seed, 0x7072696E74}));
  const double longer_mm = std::max(pattern.width, pattern.height);
  for (Axis& axis : axes_) {
    for (Wave& wave : axis.waves) {
      const double periods = 0.5 + random.uniform();
      const double direction = 2 * std::numbers::pi * random.uniform();
      const double radians_per_mm = 2 * std::numbers::pi * periods / longer_mm;
      wave = {radians_per_mm * std::cos(direction), radians_per_mm * std::sin(direction),
              2 * std::numbers::pi * random.uniform(), 0.5 + random.uniform()};
    }
    scale(axis, pattern, rms_mm);
  }
}

void PrintDisplacement::scale(Axis& axis, const SizeMm& pattern, double rms_mm) {
  constexpr int kSteps = 32;
  double sum = 0, squares = 0;
  for (int i = 0; i < kSteps; ++i) {
    for (int j = 0; j < kSteps; ++j) {
      const double value = shift(axis, pattern.width * ((i + 0.5) / kSteps - 0.5),
                                 pattern.height * ((j + 0.5) / kSteps - 0.5));
      sum += value;
      squares += value * value;
    }
  }
  const double mean = sum / (kSteps * kSteps);
  const double factor = rms_mm / std::sqrt(squares / (kSteps * kSteps) - mean * mean);
  for (Wave& wave : axis.waves) wave.amplitude_mm *= factor;
  axis.mean_mm = mean * factor;
}

template <typename Real>
Real PrintDisplacement::shift(const Axis& axis, Real u, Real v) {
  Real sum = -static_cast<Real>(axis.mean_mm);
  for (const Wave& wave : axis.waves) {
    const Real angle =
        static_cast<Real>(wave.along_u) * u + static_cast<Real>(wave.along_v) * v + static_cast<Real>(wave.phase);
    sum += static_cast<Real>(wave.amplitude_mm) * std::sin(angle);
  }
  return sum;
}

template <typename Real>
std::array<Real, 2> PrintDisplacement::definition_at(Real u, Real v) const {
  if (ideal_) return {u, v};
  return {u - shift(axes_[0], u, v), v - shift(axes_[1], u, v)};
}
template std::array<float, 2> PrintDisplacement::definition_at(float u, float v) const;
template std::array<double, 2> PrintDisplacement::definition_at(double u, double v) const;

Vec2 PrintDisplacement::paper_at(const Vec2& definition) const {
  Vec2 paper = definition;
  // The shift changes by well under a percent of a step, so each round gains two digits.
  for (int round = 0; round < 8; ++round) {
    const auto [u, v] = definition_at(paper.x, paper.y);
    paper = {paper.x + definition.x - u, paper.y + definition.y - v};
  }
  return paper;
}

}  // namespace nearfar::rig
