#pragma once

#include <vector>

#include "../cancel_flag.h"
#include "problem.h"

namespace nearfar::vision::bundle {

/// How uncertain the projection of points is that stand fixed in the mean of the boards (mrcal's mean-pcam method,
/// doc/uncertainty.org): a pixel's point at a distance is expressed in the frame of each board that the camera saw;
/// errors of intrinsics and poses carry each of these to a slightly different place before the camera, whose mean is
/// imaged anew. Boards thus hold the world still that the camera's own pose is only known in relation to.
/// @param problem at the optimum: with the numbers and the noise that were found, without the outliers.
/// @param pixels_px [pixel][x, y].
/// @returns √ of the larger eigenvalue of each pixel's 2 × 2 covariance, px; NaN where a pixel has no ray.
/// @throws std::invalid_argument for a problem that makes no sense or a camera without views, Undetermined, Cancelled.
std::vector<double> projection_uncertainty(const Problem& problem, int camera, double distance_mm,
                                           const std::vector<double>& pixels_px, const CancelFlag& flag);

}  // namespace nearfar::vision::bundle
