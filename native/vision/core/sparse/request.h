#pragma once

#include <vector>

#include "../match/request.h"

namespace nearfar::vision::sparse {

/// src/native/sparse-flow.ts.
struct Request {
  match::Image near, far;
  match::Geometry geometry;
  /// size × size of the near view, mm towards the cameras from the eye plane; NaN: not known.
  std::vector<float> depth_mm;
  int step_px = 0, window_px = 0;
};

/// Throws std::invalid_argument with a text for the user.
void check(const Request& request);

}  // namespace nearfar::vision::sparse
