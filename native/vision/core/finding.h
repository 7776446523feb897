#pragma once

#include <optional>
#include <string>
#include <vector>

namespace nearfar::vision {

struct FoundCorner {
  int id = 0;
  double x_px = 0;
  double y_px = 0;
  /// Standard deviation of x and of y (root of their mean variance) from image noise.
  double sigma_px = 0;
};

struct BoardFinding {
  /// Ascending ids.
  std::vector<FoundCorner> corners;
  /// Ids of the markers that were read, ascending.
  std::vector<int> markers;
  /// Whether the markers are readable only in the flipped image; unknown without markers.
  std::optional<bool> mirrored;
  /// Median over the corners of the half-window's longer side; 0 without corners.
  double window_px = 0;
  /// Why there are no corners; empty when there are.
  std::string message;
};

}  // namespace nearfar::vision
