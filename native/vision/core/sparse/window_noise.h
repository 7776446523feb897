#pragma once

#include <optional>
#include <vector>

#include "flow_sparsely.h"
#include "window.h"

namespace nearfar::vision::sparse {

/// A matched window and where it is.
struct Found {
  int x = 0, y = 0;
  WindowMatch match;
};

/// The noise of a pair, from what its matched windows leave: how it grows with brightness, and how alike it is in
/// neighbouring pixels.
class WindowNoise {
 public:
  /// @param found not empty.
  explicit WindowNoise(const std::vector<Found>& found);

  /// Of a pixel's residual at this brightness.
  double variance_at(double mean) const;
  /// Of the shift, px²: of the noise or, where a window leaves more than noise, of what it leaves.
  cv::Matx22d covariance_of(const WindowMatch& match) const;

 private:
  /// Ascending by brightness.
  std::vector<double> means_, variances_;
  std::array<double, lag_count> correlations_{};
};

}  // namespace nearfar::vision::sparse
