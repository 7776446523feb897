#pragma once

#include <optional>
#include <vector>

#include "board.h"
#include "cancel_flag.h"
#include "image.h"
#include "saddle.h"

namespace nearfar::vision {

/// A corner of the board on its way from a guess to a measurement.
struct GridCorner {
  int id = 0;
  SaddleGuess guess;
  std::optional<SaddleFit> fit;
};

/// Measures the corners: a search around each guess, a fit, and a second fit whose steps and line curvatures come
/// from the neighbours found by the first (lens distortion bends the lines, a straight model would follow the bend).
/// Corners that are no saddles, or do not lie between their neighbours, end without a fit.
/// @param search_squares how far off the guesses may be, in squares.
void measure_grid(const Image& image, const Board& board, std::vector<GridCorner>& corners, double search_squares,
                  const CancelFlag& cancel);

}  // namespace nearfar::vision
