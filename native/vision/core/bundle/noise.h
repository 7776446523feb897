#pragma once

#include <optional>
#include <vector>

#include "parameters.h"
#include "sights.h"
#include "terms.h"

namespace nearfar::vision::bundle {

/// What the residuals say of the noise, in px of a coordinate whose relative sigma is 1.
struct Noise {
  double rms_point_px;  ///< √ of the mean of dx² + dy², unweighted
  double spread_px;     ///< of the residuals of corners
  double sigma_px;      ///< of the noise: degrees of freedom and priors counted
};

/// With plain squares: √(Σ r² / n), n being the coordinates for `spread_px` and coordinates + priors - free parameters
/// for `sigma_px`; priors' residuals count in units of the noise that was given. With Cauchy's loss, whose weights
/// w = 1 / (1 + r²/c²) of a corner make the score w r with the mean derivative w²: √(Σ w² r² / n) / mean(w²), Huber's
/// estimate (Robust Statistics, 1981, section 7.6), which makes sigma² (Jᵀ J)⁻¹ with the plain Jacobian J the
/// covariance of what the loss found.
/// @throws Undetermined when there are no more equations than free parameters.
Noise noise_of(const std::vector<Term>& terms, const Parameters& parameters, const Sights& sights,
               const std::vector<std::vector<std::vector<double>>>& residuals, const Weighing& weighing);

}  // namespace nearfar::vision::bundle
