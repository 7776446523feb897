#include "optics/coating.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "spectra/spectra.h"

namespace nearfar::rig {
namespace {

// Half mirrors reflect s and p as 0.65 to 0.35 at 45° (a common dielectric coating), equally at 0°.
constexpr double kPolarSplitAt45 = 0.3;
// The mean reflectance of a stack grows with the angle: -5 % at 22°, +8 % at 68°.
constexpr double kMeanPerCosine = 0.25;

double mean(const Spectrum& spectrum) {
  return std::accumulate(spectrum.v.begin(), spectrum.v.end(), 0.0) / static_cast<double>(kBandCount);
}

}  // namespace

Coating::Coating(const PlateOptics& plate, bool honest)
    : honest_(honest),
      refractive_index_(plate.refractive_index),
      back_reflection_(plate.thickness_mm > 0 ? plate.back_reflection : 0),
      reflectance_(coating_reflectance(plate.tint)),
      transmittance_(coating_transmittance(plate.tint)),
      mean_reflectance_(mean(reflectance_)),
      mean_transmittance_(mean(transmittance_)) {}

PolarShare Coating::reflected(double cos_incidence) const {
  if (!honest_) return {};
  // sin² of the incidence over sin² of 45°.
  const double split = kPolarSplitAt45 * 2 * (1 - cos_incidence * cos_incidence);
  const double level = 1 + kMeanPerCosine * (std::numbers::sqrt2 / 2 - cos_incidence);
  // The coating never reflects more than all of the light that it does not absorb.
  const double most = (mean_reflectance_ + mean_transmittance_) / mean_reflectance_;
  return {std::min(most, level * (1 + split)), level * (1 - split)};
}

PolarShare Coating::transmitted(double cos_incidence) const {
  if (!honest_) return {};
  // What is absorbed stays the same, so transmission loses what reflection gains.
  const PolarShare reflected_share = reflected(cos_incidence);
  const double ratio = mean_reflectance_ / mean_transmittance_;
  return {1 + ratio * (1 - reflected_share.s), 1 + ratio * (1 - reflected_share.p)};
}

PolarShare Coating::back_reflected(double cos_incidence) const {
  if (back_reflection_ == 0) return {0, 0};
  const double n2 = refractive_index_ * refractive_index_;
  const double inside = std::sqrt(n2 - 1 + cos_incidence * cos_incidence);  // n × cosine in the glass
  const double s = (cos_incidence - inside) / (cos_incidence + inside);
  const double p = (n2 * cos_incidence - inside) / (n2 * cos_incidence + inside);
  const PolarShare share{back_reflection_ * s * s, back_reflection_ * p * p};
  if (honest_) return share;
  return {share.mean(), share.mean()};
}

}  // namespace nearfar::rig
