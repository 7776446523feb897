#pragma once

#include <vector>

#include "board.h"
#include "grid.h"
#include "marker_search.h"

namespace nearfar::vision {

/// Leaves out markers that do not lie where the others near them say, so that no wrongly read one moves a corner.
std::vector<SeenMarker> agreeing_markers(const Board& board, const std::vector<SeenMarker>& markers);

/// Where the corners near a marker should be, each by a homography of its nearest markers alone: lens distortion and
/// a bent board then matter little, and a part of the board is enough.
std::vector<GridCorner> predict_corners(const Board& board, const std::vector<SeenMarker>& markers);

}  // namespace nearfar::vision
