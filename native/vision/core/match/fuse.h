#pragma once

#include <cstddef>
#include <vector>

#include "../cancel_flag.h"
#include "geometry.h"

namespace nearfar::vision::match {

/// Depth of a view on a coarse grid over the whole image; NaN: nothing known.
struct DepthPrior {
  int columns = 0;
  int rows = 0;
  std::vector<float> depth_mm;
  std::vector<float> sigma_mm;
};

struct FuseRequest {
  Geometry geometry;
  Arm arm = Arm::near;
  std::vector<float> depth_mm;
  std::vector<float> depth_sigma_mm;
  DepthPrior prior;
};

struct FusedView {
  std::vector<float> depth_mm;
  std::vector<float> depth_sigma_mm;
  std::vector<float> sigma_px;
  std::vector<float> flow;
};

/// Means by inverse variance, pixel by pixel; one of both where the other is not known.
/// @throws std::invalid_argument for sizes that do not fit together, Cancelled.
FusedView fuse(const FuseRequest& request, std::size_t threads, const CancelFlag& flag);

}  // namespace nearfar::vision::match
