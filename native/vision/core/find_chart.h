#pragma once

#include <array>
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "cancel_flag.h"

namespace nearfar::vision {

/// The 24 patches of a ColorChecker Classic in a picture. Pixel centres at integers.
struct ChartFinding {
  /// Outer corners of the patch grid in the chart's own order: at dark skin, bluish green, black, white.
  std::array<cv::Point2d, 4> corners_px;
  /// Whether that order runs the other way round, as in a mirror.
  bool mirrored = false;
  /// Width and height of a patch over the distances of the patches' centres.
  cv::Size2d patch_share;
  /// Correlation of the patches' colors with the chart's, channel by channel; 1 is perfect.
  double agreement = 0;
  /// Patches whose edges were measured, and how far their centres are from the grid, px rms.
  int measured_patches = 0;
  double residual_px = 0;
};

/// Searches for one chart in any orientation, mirrored or not, by OpenCV's mcc module at several scales; measures
/// the patches' edges; tells the orientation by the patches' colors. The picture need not be balanced, but its
/// values should be spread as for viewing (sRGB or a root).
/// @param picture CV_8UC3: R, G, B.
/// Throws Cancelled; std::invalid_argument for a picture of another type or with sides beyond 64 to 32767 px.
std::optional<ChartFinding> find_chart(const cv::Mat& picture, const CancelFlag& cancel);

}  // namespace nearfar::vision
