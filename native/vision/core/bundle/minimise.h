#pragma once

#include <vector>

#include "../cancel_flag.h"
#include "parameters.h"
#include "terms.h"

namespace nearfar::vision::bundle {

struct Descent {
  int iterations;
  bool converged;
};

/// When to stop: once a step lowers the sum of squares by less than this share.
constexpr double to_rounding = 1e-14;
constexpr double roughly = 1e-3;

/// Moves the free parameters to the least sum of squares that Levenberg and Marquardt's method finds from here.
/// @throws Cancelled; Undetermined when the start cannot be evaluated or the numbers run away.
Descent minimise(const std::vector<Term>& terms, Parameters& parameters, double tolerance,
                 const CancelFlag& flag);

}  // namespace nearfar::vision::bundle
