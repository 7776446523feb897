#pragma once

#include <opencv2/core.hpp>

#include "image.h"

namespace nearfar::vision {

/// An 8-bit image to search in; positions from it are only approximate.
struct Preview {
  cv::Mat gray;
  /// Side of one of its pixels in the full image, px.
  double pixel_px = 1;

  /// Where a point of the preview lies in the full image.
  cv::Point2d to_full(const cv::Point2f& point) const;
};

/// Reduction that brings the longer side close to `longer_side_px`, but leaves the shorter one at least 200 px: what is
/// long and thin may hold a board across its whole height.
/// @returns 1 or more.
int search_reduction(const Image& image, int longer_side_px);

/// Stretches the image's range (0.5 % of the pixels clipped at either end) to 8 bits by a square root, which
/// brings the squares of dim linear images apart and does little harm to images that are encoded already.
/// @param reduction 1 to the shorter side; blocks of so many pixels are averaged.
Preview make_preview(const Image& image, int reduction);

/// Twice as large and with the blur of a soft lens undone, for markers whose cells are hard to tell apart.
Preview sharpen(const Preview& preview);

}  // namespace nearfar::vision
