// Skin of one person, fast: spectra between tabulated melanin and blood.
#pragma once

#include <array>

#include "spectra/spectrum.h"

namespace nearfar::rig {

/// skin_reflectance() by bilinear interpolation; within 1 % of it. Immutable.
class SkinPalette {
 public:
  /// @param melanin of the person's plain skin.
  explicit SkinPalette(double melanin);

  /// @param melanin_ratio to the person's plain skin, 0.5 to 3; @param blood 0.01 to 0.25. Clamped.
  Spectrum at(float melanin_ratio, float blood) const;

 private:
  static constexpr std::size_t kMelaninSteps = 16;
  static constexpr std::size_t kBloodSteps = 16;
  std::array<std::array<Spectrum, kBloodSteps>, kMelaninSteps> table_;
};

}  // namespace nearfar::rig
