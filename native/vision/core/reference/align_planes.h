#pragma once

#include <opencv2/core.hpp>

#include "../cancel_flag.h"
#include "plane.h"
#include "refine.h"

namespace nearfar::vision::reference {

/// Two pictures of something flat: where each pixel of the fixed one lies in the moving one. Light that falls off,
/// gains and offsets are left out of account; coarse to fine.
/// @param start moving px ~ start · fixed px, good to a hundredth of the picture, or to a quarter of it (and a factor
/// of √2) with `search`.
/// @throws std::invalid_argument below 32 px; Undecided; Cancelled.
Refined align_planes(const Plane& fixed, const Plane& moving, const cv::Matx33d& start, bool search,
                     const CancelFlag& flag);

}  // namespace nearfar::vision::reference
