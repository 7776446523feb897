// CIE 1931 colorimetry on the renderer's bands: what color a spectrum has to an eye.
#pragma once

#include <array>

#include "spectra/spectrum.h"

namespace nearfar::rig {

struct Lab {
  double lightness = 0;
  double a = 0;
  double b = 0;
};

/// Relative radiance of CIE daylight, 1 at 560 nm.
const Spectrum& illuminant_d50();
const Spectrum& illuminant_d65();

/// XYZ of a reflectance under an illuminant for the 2° observer, each divided by that of a perfect white.
std::array<double, 3> relative_xyz(const Spectrum& reflectance, const Spectrum& illuminant);

/// CIELAB of a reflectance under an illuminant, for the 2° observer, relative to a perfect white.
Lab lab_of(const Spectrum& reflectance, const Spectrum& illuminant);

/// Individual typology angle of skin in degrees: atan2(L* - 50, b*) under D65.
double typology_angle_deg(const Spectrum& reflectance);

/// CIEDE2000 color difference (Sharma, Wu, Dalal 2005).
double delta_e_2000(const Lab& first, const Lab& second);

}  // namespace nearfar::rig
