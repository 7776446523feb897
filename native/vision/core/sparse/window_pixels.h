#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "window.h"

namespace nearfar::vision::sparse {

/// The pixels of a window that can be compared, one entry each, as the near image has them.
struct WindowPixels {
  /// Columns and rows of the window's grid, and each pixel's place in it, row-major.
  int side = 0;
  std::vector<std::size_t> cell;
  /// From the middle, near px.
  std::vector<double> offset_x, offset_y;
  std::vector<cv::Point2d> far;
  std::vector<double> value;
  /// Per far px.
  std::vector<double> slope_x, slope_y;
  double mean = 0;
};

/// The same as the far image has them.
struct FarSamples {
  std::vector<double> value, slope_x, slope_y;
};

/// @returns none when too few of the pixels can be compared or the surface breaks off in the window.
std::optional<WindowPixels> open_window(const SplinePlane& near, const Forecast& forecast, const WindowPlace& place);

/// @param weights of pixels that the far image does not have become 0, and 1 again when it does.
/// @returns none when too few are left.
std::optional<FarSamples> look_at(const SplinePlane& far, const WindowPixels& pixels, const cv::Point2d& shift,
                                  std::vector<double>& weights);

}  // namespace nearfar::vision::sparse
