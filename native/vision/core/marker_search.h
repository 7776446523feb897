#pragma once

#include <array>
#include <opencv2/core.hpp>
#include <vector>

#include "board.h"
#include "cancel_flag.h"
#include "image.h"

namespace nearfar::vision {

/// A marker of the board as the image shows it.
struct SeenMarker {
  /// Counts the board's white squares row-major.
  int index = 0;
  /// Top left, top right, bottom right, bottom left of the upright marker, px of the full image; good to a few px
  /// of the image in which it was found.
  std::array<cv::Point2d, 4> corners;
};

struct MarkerFinding {
  /// Ascending indices, each at most once.
  std::vector<SeenMarker> markers;
  bool mirrored = false;
};

/// The same four corners on the board, in squares.
std::array<cv::Point2d, 4> marker_on_board(const Board& board, const cv::Point2d& white_square);

/// Looks for the board's markers in a reduced image first and in finer ones while there are none, or while they are
/// too small there to be read well; in each, as it is and then flipped.
MarkerFinding find_markers(const Image& image, const Board& board, const CancelFlag& cancel);

}  // namespace nearfar::vision
