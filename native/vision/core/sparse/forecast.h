#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

#include "../cancel_flag.h"
#include "request.h"

namespace nearfar::vision::sparse {

/// What the depth of the near view says about each of its pixels.
struct Forecast {
  int size_px = 0;
  /// Smoothed over a few pixels of the same surface; NaN where not known.
  std::vector<float> depth_mm;
  /// Where the far camera sees the pixel.
  std::vector<cv::Point2d> far;
  /// 1: something nearer covers it from the far camera.
  std::vector<std::uint8_t> hidden;
  /// 1: the surface breaks off beside it.
  std::vector<std::uint8_t> step;

  std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(size_px) + static_cast<std::size_t>(x);
  }
};

Forecast forecast_of(const Request& request, std::size_t threads, const CancelFlag& flag);

}  // namespace nearfar::vision::sparse
