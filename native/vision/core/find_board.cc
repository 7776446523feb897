#include "find_board.h"

#include <algorithm>
#include <string>

#include "chessboard.h"
#include "grid.h"
#include "marker_search.h"
#include "predict.h"

namespace nearfar::vision {
namespace {

/// Markers reach to 0.19 squares of a corner and are looked through no further; chessboards have nothing to confuse.
constexpr double marked_search_squares = 0.2;
constexpr double plain_search_squares = 0.15;

void report_corners(const std::vector<GridCorner>& corners, BoardFinding& finding) {
  std::vector<double> windows;
  for (const GridCorner& corner : corners) {
    if (!corner.fit) continue;
    finding.corners.push_back({corner.id, corner.fit->at.x, corner.fit->at.y, corner.fit->sigma_px});
    windows.push_back(corner.fit->window_px);
  }
  if (windows.empty()) return;
  const auto middle = windows.begin() + static_cast<std::ptrdiff_t>(windows.size() / 2);
  std::nth_element(windows.begin(), middle, windows.end());
  finding.window_px = *middle;
}

BoardFinding find_charuco(const Image& image, const Board& board, const CancelFlag& cancel) {
  BoardFinding finding;
  const MarkerFinding found = find_markers(image, board, cancel);
  const std::vector<SeenMarker> markers = agreeing_markers(board, found.markers);
  if (markers.empty()) {
    finding.message = "none of the board's markers can be read, also not in the flipped image";
    return finding;
  }
  finding.mirrored = found.mirrored;
  for (const SeenMarker& marker : markers) finding.markers.push_back(board.markers->first_id + marker.index);
  std::vector<GridCorner> corners = predict_corners(board, markers);
  measure_grid(image, board, corners, marked_search_squares, cancel);
  report_corners(corners, finding);
  if (finding.corners.empty()) {
    finding.message = std::to_string(markers.size()) + " markers were read, but no corner beside them is sharp, " +
                      "large and complete enough";
  }
  return finding;
}

BoardFinding find_plain(const Image& image, const Board& board, const CancelFlag& cancel) {
  BoardFinding finding;
  std::vector<GridCorner> corners = find_chessboard(image, board, cancel);
  if (corners.empty()) {
    finding.message = "no whole chessboard of " + std::to_string(board.corners_x()) + " × " +
                      std::to_string(board.corners_y()) + " inner corners is in the image";
    return finding;
  }
  measure_grid(image, board, corners, plain_search_squares, cancel);
  report_corners(corners, finding);
  if (finding.corners.empty()) finding.message = "a chessboard is there, but its corners are too blurred or too small";
  return finding;
}

}  // namespace

BoardFinding find_board(const Image& image, const Board& board, const CancelFlag& cancel) {
  check_board(board);
  return board.markers ? find_charuco(image, board, cancel) : find_plain(image, board, cancel);
}

}  // namespace nearfar::vision
