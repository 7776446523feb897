#pragma once

#include <opencv2/core.hpp>

namespace nearfar::vision {

struct ChartOrientation {
  /// From (column, row) of the chart's own patches to px: (0, 0) is dark skin, (5, 3) black.
  cv::Matx33d picture_of_chart;
  /// Correlation with the chart's colors, mean of the channels.
  double agreement = 0;
};

/// The best of the four ways, two of them mirrored, in which 6 × 4 patches may lie on a grid.
/// @param picture_of_grid from (column, row) of some corner's patch on to px.
ChartOrientation orient_chart(const cv::Mat& bgr, const cv::Matx33d& picture_of_grid);

}  // namespace nearfar::vision
