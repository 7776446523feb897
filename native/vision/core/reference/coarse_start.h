#pragma once

#include <opencv2/core.hpp>

#include "../cancel_flag.h"
#include "plane.h"

namespace nearfar::vision::reference {

/// The scale and shift, on top of `start`, under which two small planes correlate best, near ones before far ones; tried one by one: scales from
/// 1/√2 to √2, shifts up to a quarter of the plane, where at least a third of it overlaps. For planes of some 64 px.
/// @returns homography from fixed to moving px.
/// @throws Cancelled.
cv::Matx33d coarse_start(const Plane& fixed, const Plane& moving, const cv::Matx33d& start, const CancelFlag& flag);

}  // namespace nearfar::vision::reference
