#pragma once

#include <opencv2/core.hpp>
#include <stdexcept>

#include "../cancel_flag.h"
#include "plane.h"

namespace nearfar::vision::reference {

/// Two pictures do not tell how they lie to each other.
class Undecided : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Refined {
  /// Moving px ~ homography · fixed px.
  cv::Matx33d homography;
  /// Of the pixels that overlap, weighted as in the last step.
  double correlation = 0;
  /// Share of the fixed plane that overlaps.
  double overlap = 0;
  /// Median distance of the two planes after gain and offset, in their own units.
  double residual = 0;
  /// Distance, px, by which the last step moved the corners at most.
  double last_step_px = 0;
};

/// Homography, gain and offset that make the moving plane equal the fixed one, by Gauss-Newton steps from a start
/// that is a few px off at most; pixels that do not fit (Tukey's weights) hardly count.
/// @throws Undecided when too little overlaps or there is no texture; Cancelled.
Refined refine(const Plane& fixed, const Plane& moving, const cv::Matx33d& start, const CancelFlag& flag);

}  // namespace nearfar::vision::reference
