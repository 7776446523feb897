#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "image.h"
#include "saddle.h"

namespace nearfar::vision {

struct WeightedPixel {
  double x_px, y_px;  ///< From the window's `origin`.
  double value;
  double weight;  ///< 0 to 1.
};

/// The pixels that a saddle is fitted to.
struct SaddleWindow {
  cv::Point2d origin;
  double half_axis_px = 0;
  std::vector<WeightedPixel> pixels;
};

/// An elliptic window, a third of a square along each of the board's axes but 2 to `greatest_px` where the image
/// allows, that fades towards its rim and leaves out the markers. None when less than 2 px of it fits into the image.
std::optional<SaddleWindow> open_window(const Image& image, const SaddleGuess& guess, double greatest_px);

}  // namespace nearfar::vision
