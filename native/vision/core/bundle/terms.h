#pragma once

#include <ceres/cost_function.h>

#include <memory>
#include <optional>
#include <vector>

#include "parameters.h"
#include "problem.h"
#include "sights.h"

namespace nearfar::vision::bundle {

/// One addend of the sum of squares, in standard deviations, with the blocks that it depends on.
struct Term {
  std::unique_ptr<ceres::CostFunction> cost;
  std::vector<int> blocks;
  bool observed;  ///< or a prior
  int equations;  ///< residuals that are independent of one another
};

struct Weighing {
  double noise_px;               ///< of one coordinate of a corner whose relative sigma is 1
  std::optional<double> cauchy;  ///< standard deviations from which on the loss flattens
};

/// Corners that are not outliers, and priors of what is free. Observations are one term each; where the corners'
/// places are solved for, one for each corner.
std::vector<Term> terms_of(const Problem& problem, const Parameters& parameters, const Sights& sights,
                           const Weighing& weighing);

}  // namespace nearfar::vision::bundle
