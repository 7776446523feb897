#include "spectra/spectra.h"

#include <cmath>

#include "spectra/shapes.h"

namespace nearfar::rig {
namespace {

Spectrum mean_one(const Spectrum& s) {
  float sum = 0;
  for (const float v : s.v) sum += v;
  return s * (static_cast<float>(kBandCount) / sum);
}

/// Planck's law, relative to 560 nm.
double black_body(double nm, double kelvin) {
  constexpr double kSecondRadiationNmK = 1.4388e7;
  const auto power = [&](double l) { return std::pow(l, -5) / (std::exp(kSecondRadiationNmK / (l * kelvin)) - 1); };
  return power(nm) / power(560);
}

/// A xenon flash tube: a 6200 K continuum with the stronger xenon lines that stay visible at 20 nm.
Spectrum xenon() {
  return mean_one(sample_bands([](double nm) {
    return black_body(nm, 6200) + 0.14 * gaussian(nm, 467, 9) + 0.08 * gaussian(nm, 484, 8) +
           0.05 * gaussian(nm, 541, 8) + 0.04 * gaussian(nm, 617, 8) + 0.05 * gaussian(nm, 687, 9);
  }));
}

/// A white LED of about 5000 K: a 452 nm pump and a broad phosphor.
Spectrum white_led() {
  return mean_one(sample_bands([](double nm) {
    return 0.95 * gaussian(nm, 452, 13) + skewed_gaussian(nm, 556, 44, 66) + 0.02;
  }));
}

/// The coating absorbs this share; the rest is halved between the arms.
constexpr double kAbsorbed = 0.03;
/// Change of the reflectance from 400 to 700 nm: a common metal-dielectric plate goes from 44 to 54 %.
constexpr double kTintSpan = 0.10;

}  // namespace

const Spectrum& strobe_light() {
  static const Spectrum s = xenon();
  return s;
}

const Spectrum& continuous_light() {
  static const Spectrum s = white_led();
  return s;
}

Spectrum coating_reflectance(bool tint) {
  return sample_bands([&](double nm) {
    return (1 - kAbsorbed) / 2 + (tint ? kTintSpan * (nm - 550) / 300 : 0);
  });
}

Spectrum coating_transmittance(bool tint) {
  return Spectrum::constant(static_cast<float>(1 - kAbsorbed)) + coating_reflectance(tint) * -1.0f;
}

Spectrum paper_white() {
  // Uncoated paper without brightener: flat, a little absorption of the fibres in the violet.
  return sample_bands([](double nm) { return 0.89 - 0.08 * std::exp(-(nm - 400) / 25); });
}

Spectrum printed_black() { return Spectrum::constant(0.04f); }

}  // namespace nearfar::rig
