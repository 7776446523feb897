#pragma once

#include <cstdint>
#include <vector>

#include "parameters.h"
#include "problem.h"

namespace nearfar::vision::bundle {

/// The corners of one observation while a problem is solved.
struct Sight {
  std::vector<double> relative_sigma;  ///< of each corner, about 1
  std::vector<std::uint8_t> outliers;
};

/// [view][observation]
using Sights = std::vector<std::vector<Sight>>;

/// No outliers yet. Relative sigmas are `sigma_px` in units of √(1 / mean(1 / sigma²)) over all corners that have one,
/// so that the mean weight is 1; corners without one have 1.
Sights sights_of(const Problem& problem);

/// Corners of a view that are not outliers, over all cameras.
int kept_corners(const std::vector<Sight>& view);

/// Projected minus seen, px, of all corners, [view][observation][corner][x, y]; NaN behind the camera.
std::vector<std::vector<std::vector<double>>> residuals_of(const Problem& problem, const Parameters& parameters);

}  // namespace nearfar::vision::bundle
