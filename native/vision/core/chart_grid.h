#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "homography.h"

namespace nearfar::vision {

/// Columns and rows of a ColorChecker Classic.
constexpr int chart_columns = 6;
constexpr int chart_rows = 4;

/// The patches' grid as their edges show it.
struct ChartGrid {
  /// From (column, row) of a patch's centre to px.
  cv::Matx33d picture_of_grid;
  /// Width and height of a patch over the distances of the centres.
  cv::Size2d patch_share;
  int measured = 0;
  /// Of the measured centres, rms, in distances of the centres.
  double residual = 0;
};

/// Measures the grid near a box of four corners that runs about half a gap to one gap outside of the patches, the
/// first edge along the six columns. None when there are no patches on a darker body.
std::optional<ChartGrid> measure_chart_grid(const cv::Mat& bgr, const std::vector<cv::Point2d>& box);

}  // namespace nearfar::vision
