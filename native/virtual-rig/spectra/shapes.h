// Curves that the analytic spectra are made of.
#pragma once

#include <cmath>

#include "spectra/spectrum.h"

namespace nearfar::rig {

inline double gaussian(double nm, double centre, double sigma) {
  const double t = (nm - centre) / sigma;
  return std::exp(-0.5 * t * t);
}

/// Gaussian with a sigma of its own on either side of the centre.
inline double skewed_gaussian(double nm, double centre, double sigma_below, double sigma_above) {
  return gaussian(nm, centre, nm < centre ? sigma_below : sigma_above);
}

/// Smooth step from 0 to 1 around a wavelength.
inline double step_up(double nm, double centre, double width) { return 1 / (1 + std::exp((centre - nm) / width)); }

/// A function of the wavelength in nm at every band.
template <typename Curve>
Spectrum sample_bands(Curve curve) {
  Spectrum s;
  for (std::size_t i = 0; i < kBandCount; ++i) s.v[i] = static_cast<float>(curve(band_nm(i)));
  return s;
}

}  // namespace nearfar::rig
