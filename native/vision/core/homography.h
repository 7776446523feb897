#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

namespace nearfar::vision {

cv::Point2d project(const cv::Matx33d& homography, const cv::Point2d& point);

/// Least-squares homography around the origin of the sources, for points that span about a unit there (linear in the
/// targets' scale, so without the iterations that a general one needs). None from fewer than four points or when
/// they are degenerate.
std::optional<cv::Matx33d> fit_homography(const std::vector<cv::Point2d>& sources,
                                          const std::vector<cv::Point2d>& targets);

}  // namespace nearfar::vision
