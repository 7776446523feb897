#pragma once

#include "board.h"
#include "cancel_flag.h"
#include "finding.h"
#include "image.h"

namespace nearfar::vision {

/// Finds the board's inner corners with sub-pixel positions. Partial ChArUco boards are found as far as they are
/// seen, chessboards only whole. Throws Cancelled; std::invalid_argument for an impossible board.
BoardFinding find_board(const Image& image, const Board& board, const CancelFlag& cancel);

}  // namespace nearfar::vision
