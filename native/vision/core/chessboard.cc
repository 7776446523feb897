#include "chessboard.h"

#include <algorithm>
#include <opencv2/calib3d.hpp>

#include "preview.h"

namespace nearfar::vision {
namespace {

/// The sector-based finder is slow on large images and does not need them.
constexpr int search_side_px = 1300;
/// Its remapping takes sides below 32767 px.
constexpr int greatest_side_px = 32766;
/// Smaller squares have no corner that could be measured.
constexpr int least_square_px = 4;

using Points = std::vector<cv::Point2d>;

Points search_preview(const Preview& preview, const Board& board) {
  const cv::Size pattern(board.corners_x(), board.corners_y());
  std::vector<cv::Point2f> found;
  Points points;
  if (cv::findChessboardCornersSB(preview.gray, pattern, found, cv::CALIB_CB_NORMALIZE_IMAGE) ||
      cv::findChessboardCornersSB(preview.gray, pattern, found, cv::CALIB_CB_EXHAUSTIVE)) {
    for (const cv::Point2f& point : found) points.push_back(preview.to_full(point));
  }
  return points;
}

Points search(const Image& image, const Board& board, const CancelFlag& cancel) {
  const auto [shorter, longer] = std::minmax({image.width_px(), image.height_px()});
  if (shorter < least_square_px * (std::min(board.corners_x(), board.corners_y()) - 1)) return {};
  const int least_reduction = longer > greatest_side_px ? 2 : 1;
  int reduction = std::max(least_reduction, search_reduction(image, search_side_px));
  while (true) {
    cancel.check();
    Points found = search_preview(make_preview(image, reduction), board);
    if (!found.empty() || reduction == least_reduction) return found;
    reduction = std::max(least_reduction, reduction / 2);
  }
}

/// From the corner to its neighbour `stride` places on, or back where there is none.
cv::Vec2d step_at(const Points& points, int id, int place, int places, int stride) {
  const auto at = [&](int steps) { return points[static_cast<std::size_t>(id + steps * stride)]; };
  const int before = place > 0 ? 1 : 0;
  const int after = place + 1 < places ? 1 : 0;
  return cv::Vec2d(at(after) - at(-before)) / static_cast<double>(before + after);
}

std::vector<GridCorner> guesses_of(const Points& points, const Board& board) {
  std::vector<GridCorner> corners;
  for (int id = 0; id < board.corner_count(); ++id) {
    GridCorner corner{id, {}, {}};
    corner.guess.at = points[static_cast<std::size_t>(id)];
    corner.guess.step_x = step_at(points, id, id % board.corners_x(), board.corners_x(), 1);
    corner.guess.step_y = step_at(points, id, id / board.corners_x(), board.corners_y(), board.corners_x());
    corner.guess.white_below_right = board.white_below_right(id);
    corners.push_back(corner);
  }
  return corners;
}

/// How many of the corners have the board's colors around them.
int fitting_colors(const Image& image, const std::vector<GridCorner>& corners) {
  int count = 0;
  for (const GridCorner& corner : corners) count += fit_saddle(image, corner.guess, Effort::rough).has_value();
  return count;
}

}  // namespace

std::vector<GridCorner> find_chessboard(const Image& image, const Board& board, const CancelFlag& cancel) {
  const Points points = search(image, board, cancel);
  if (points.empty()) return {};
  const Points turned(points.rbegin(), points.rend());
  std::vector<GridCorner> corners = guesses_of(points, board);
  std::vector<GridCorner> turned_corners = guesses_of(turned, board);
  const cv::Point2d first = points.front(), last = points.back();
  const bool turned_is_upright = first.x + first.y > last.x + last.y;
  const bool told_by_colors = (board.corners_x() + board.corners_y()) % 2 != 0;
  const bool turn = told_by_colors ? fitting_colors(image, turned_corners) > fitting_colors(image, corners)
                                   : turned_is_upright;
  return turn ? turned_corners : corners;
}

}  // namespace nearfar::vision
