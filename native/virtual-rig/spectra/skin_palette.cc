#include "spectra/skin_palette.h"

#include <algorithm>
#include <cmath>

#include "spectra/spectra.h"

namespace nearfar::rig {
namespace {

constexpr float kMinRatio = 0.5f, kMaxRatio = 3;
constexpr float kMinBlood = 0.01f, kMaxBlood = 0.25f;

/// The table is even in the square root: it bends most where there is little pigment.
float place(float value, float low, float high, std::size_t steps) {
  const float share = (std::sqrt(std::clamp(value, low, high)) - std::sqrt(low)) / (std::sqrt(high) - std::sqrt(low));
  return std::clamp(share, 0.0f, 1.0f) * static_cast<float>(steps - 1);
}

double value_at(std::size_t step, double low, double high, std::size_t steps) {
  const double share = static_cast<double>(step) / static_cast<double>(steps - 1);
  return std::pow(std::lerp(std::sqrt(low), std::sqrt(high), share), 2);
}

}  // namespace

SkinPalette::SkinPalette(double melanin) {
  for (std::size_t m = 0; m < kMelaninSteps; ++m) {
    const double share = std::min(1.0, melanin * value_at(m, kMinRatio, kMaxRatio, kMelaninSteps));
    for (std::size_t b = 0; b < kBloodSteps; ++b) {
      table_[m][b] = skin_reflectance(share, value_at(b, kMinBlood, kMaxBlood, kBloodSteps));
    }
  }
}

Spectrum SkinPalette::at(float melanin_ratio, float blood) const {
  const float fm = place(melanin_ratio, kMinRatio, kMaxRatio, kMelaninSteps);
  const float fb = place(blood, kMinBlood, kMaxBlood, kBloodSteps);
  const std::size_t m = std::min(static_cast<std::size_t>(fm), kMelaninSteps - 2);
  const std::size_t b = std::min(static_cast<std::size_t>(fb), kBloodSteps - 2);
  const float u = fm - static_cast<float>(m), v = fb - static_cast<float>(b);
  return (table_[m][b] * (1 - v) + table_[m][b + 1] * v) * (1 - u) +
         (table_[m + 1][b] * (1 - v) + table_[m + 1][b + 1] * v) * u;
}

}  // namespace nearfar::rig
