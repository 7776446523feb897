#pragma once

#include <cstddef>
#include <opencv2/core.hpp>
#include <vector>

#include "../cancel_flag.h"
#include "request.h"

namespace nearfar::vision::sparse {

/// A window of the near image found in the far one.
struct Node {
  cv::Point2d near, far;
  /// Covariance of `far`, px².
  double xx = 0, xy = 0, yy = 0;
  double depth_mm = 0;
  /// rms of what the match leaves over the noise at this brightness.
  double misfit = 0;
  /// rms contrast that both images share, over the mean.
  double texture = 0;
};

/// Matches windows around the nodes of a grid, free in both directions, started where depth and rig errors put them.
/// Nodes without enough texture, at depth steps, beside what the far camera does not see or the masks exclude, and
/// those that do not settle are left out. Row by row; does not depend on the number of threads.
std::vector<Node> flow_sparsely(const Request& request, std::size_t threads, const CancelFlag& flag);

}  // namespace nearfar::vision::sparse
