#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace nearfar::vision::reference {

/// A single-channel picture of which parts may be missing. Pixel centres at integers.
struct Plane {
  int width = 0;
  int height = 0;
  /// width × height; 0 where not valid.
  std::vector<float> samples;
  /// width × height, not 0: valid.
  std::vector<std::uint8_t> valid;

  std::size_t index(int x, int y) const { return static_cast<std::size_t>(y) * width + x; }
};

/// Each pixel over the mean of its surroundings, less 1: light that falls off and gains of the cameras drop out.
/// @param radius of the square surroundings, px. Not valid where the mean is not above 0.
Plane contrast_of(const Plane& plane, int radius);

/// Weighted mean with the four neighbours and the four beyond the corners (1 2 1 in both directions), of those valid.
Plane smoothed(const Plane& plane);

/// Means of 2 × 2 pixels; valid where all four are. Pixel (x, y) lies at (2x + 1/2, 2y + 1/2) of the original.
Plane halved(const Plane& plane);

/// The homography between two halved planes that is the same mapping as `homography` between the originals.
cv::Matx33d halved_homography(const cv::Matx33d& homography);
/// And back.
cv::Matx33d doubled_homography(const cv::Matx33d& homography);

}  // namespace nearfar::vision::reference
