#pragma once

#include <vector>

#include "board.h"
#include "cancel_flag.h"
#include "grid.h"
#include "image.h"

namespace nearfar::vision {

/// Finds a whole chessboard and guesses its corners; empty when there is none. Where the pattern itself tells its top
/// left square from the opposite one (an odd sum of corners across and down), ids follow the pattern; otherwise id 0
/// is the end that is further up and left in the image.
std::vector<GridCorner> find_chessboard(const Image& image, const Board& board, const CancelFlag& cancel);

}  // namespace nearfar::vision
