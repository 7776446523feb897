#pragma once

#include <vector>

#include "../cancel_flag.h"
#include "parameters.h"
#include "terms.h"

namespace nearfar::vision::bundle {

constexpr int greatest_iterations = 200;

struct Descent {
  int iterations;
  bool converged;  ///< false when `greatest_iterations` did not bring it to rest
};

/// When to stop: once a step lowers the sum of squares by less than this share.
constexpr double to_rounding = 1e-14;
constexpr double roughly = 1e-3;

/// Moves the free parameters to the least sum of squares that Levenberg and Marquardt's method finds from here.
/// Silences the log of Ceres once: glog's level is global to the process, the one such thing that core/ touches.
/// @param noise_px by which the terms were weighed.
/// @throws Cancelled; Undetermined when the start cannot be evaluated or the numbers run away.
Descent minimise(const std::vector<Term>& terms, Parameters& parameters, double tolerance, double noise_px,
                 const CancelFlag& flag);

}  // namespace nearfar::vision::bundle
