#pragma once

#include "../cancel_flag.h"
#include "parameters.h"
#include "problem.h"
#include "sights.h"

namespace nearfar::vision::bundle {

/// Of all free parameters of cameras and then of warps, poses of views and shapes marginalised: the inverse of
/// Jᵀ J / noise² + the priors' information. The priors keep their own sigmas, so this is the covariance of a solve
/// that was told the noise which was found; a solve that was told another one differs from it as far as the priors
/// bear. J is plain, without the weights of a loss: see noise.h.
/// @throws Undetermined that names a parameter which is not determined, Cancelled.
Covariance covariance_of(const Problem& problem, const Parameters& parameters, const Sights& sights, double noise_px,
                         const CancelFlag& flag);

}  // namespace nearfar::vision::bundle
