// How much of the light the plate's faces reflect and let through, by angle and polarisation.
#pragma once

#include "optics/polarisation.h"
#include "optics/rig_optics.h"
#include "spectra/spectrum.h"

namespace nearfar::rig {

/// Shares of light polarised across (s) and in (p) the plane of incidence.
struct PolarShare {
  double s = 1;
  double p = 1;

  double mean() const { return (s + p) / 2; }
  /// Share of light of one polarisation, of unpolarised light for `none`.
  double of(Polarisation light) const {
    if (light == Polarisation::none) return mean();
    return light == Polarisation::s ? s : p;
  }
  /// (s - p) / (s + p); 0 of no light at all.
  double diattenuation() const { return s + p > 0 ? (s - p) / (s + p) : 0; }
  friend PolarShare operator*(const PolarShare& a, const PolarShare& b) { return {a.s * b.s, a.p * b.p}; }
};

/// Angles are given by the cosine of the incidence in air: the slab's faces are parallel but for a wedge
/// that no weight notices.
class Coating {
 public:
  /// @param honest with angle and polarisation; else the coating is as at 45° everywhere and unpolarised.
  Coating(const PlateOptics& plate, bool honest);

  /// By band at 45°, unpolarised; the shares below multiply them.
  const Spectrum& reflectance() const { return reflectance_; }
  const Spectrum& transmittance() const { return transmittance_; }

  PolarShare reflected(double cos_incidence) const;
  PolarShare transmitted(double cos_incidence) const;

  /// Of the uncoated face (absolute, not relative to a spectrum): Fresnel × back_reflection.
  PolarShare back_reflected(double cos_incidence) const;

 private:
  bool honest_;
  double refractive_index_;
  double back_reflection_;
  Spectrum reflectance_;
  Spectrum transmittance_;
  double mean_reflectance_;
  double mean_transmittance_;
};

}  // namespace nearfar::rig
