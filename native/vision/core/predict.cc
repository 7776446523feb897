#include "predict.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "homography.h"

namespace nearfar::vision {
namespace {

constexpr std::size_t neighbours_asked = 4;
/// Of the distance between two markers.
constexpr double greatest_disagreement = 0.25;
/// A corner's own markers are 0.7 squares away, the next ones 1.6.
constexpr double greatest_reach_squares = 1.7;

struct Placed {
  const SeenMarker* seen;
  cv::Point2d square;
};

struct Ranked {
  double distance;
  const Placed* placed;
};

const cv::Point2d half_square(0.5, 0.5);

std::vector<Placed> place(const Board& board, const std::vector<SeenMarker>& markers) {
  const std::vector<cv::Point2d> squares = board.white_squares();
  std::vector<Placed> placed;
  for (const SeenMarker& marker : markers) placed.push_back({&marker, squares[static_cast<std::size_t>(marker.index)]});
  return placed;
}

std::vector<Ranked> nearest_to(const cv::Point2d& point, const std::vector<Placed>& markers) {
  std::vector<Ranked> ranked;
  for (const Placed& marker : markers) ranked.push_back({cv::norm(marker.square + half_square - point), &marker});
  const auto kept = static_cast<std::ptrdiff_t>(std::min(ranked.size(), neighbours_asked + 1));
  std::partial_sort(ranked.begin(), ranked.begin() + kept, ranked.end(),
                    [](const Ranked& a, const Ranked& b) { return a.distance < b.distance; });
  ranked.resize(static_cast<std::size_t>(kept));
  return ranked;
}

cv::Point2d centre_of(const SeenMarker& marker) {
  return (marker.corners[0] + marker.corners[1] + marker.corners[2] + marker.corners[3]) / 4;
}

/// Whether `from`, continued over the board, meets `to`. A single marker tells its own perspective badly; its
/// parallelogram is enough for a neighbour.
bool agree(const Board& board, const Placed& from, const Placed& to) {
  const auto& corners = from.seen->corners;
  const double sides = 2 * board.markers->side_squares;
  const cv::Point2d step_x = (corners[1] - corners[0] + corners[2] - corners[3]) / sides;
  const cv::Point2d step_y = (corners[3] - corners[0] + corners[2] - corners[1]) / sides;
  const cv::Point2d squares = to.square - from.square;
  const cv::Point2d expected = centre_of(*from.seen) + squares.x * step_x + squares.y * step_y;
  const cv::Point2d actual = centre_of(*to.seen);
  return cv::norm(expected - actual) < greatest_disagreement * cv::norm(actual - centre_of(*from.seen));
}

/// From squares around `corner` to the image.
std::optional<cv::Matx33d> local_homography(const Board& board, const cv::Point2d& corner,
                                            const std::vector<Ranked>& nearest) {
  std::vector<cv::Point2d> sources, targets;
  for (const Ranked& ranked : nearest) {
    if (ranked.distance > greatest_reach_squares) continue;
    for (const cv::Point2d& point : marker_on_board(board, ranked.placed->square)) sources.push_back(point - corner);
    targets.insert(targets.end(), ranked.placed->seen->corners.begin(), ranked.placed->seen->corners.end());
  }
  return fit_homography(sources, targets);
}

}  // namespace

std::vector<SeenMarker> agreeing_markers(const Board& board, const std::vector<SeenMarker>& markers) {
  const std::vector<Placed> placed = place(board, markers);
  std::vector<SeenMarker> kept;
  for (const Placed& marker : placed) {
    int asked = 0, agreed = 0;
    for (const Ranked& other : nearest_to(marker.square + half_square, placed)) {
      if (other.placed == &marker) continue;
      asked += 1;
      agreed += agree(board, *other.placed, marker) && agree(board, marker, *other.placed);
    }
    if (2 * agreed >= asked) kept.push_back(*marker.seen);
  }
  return kept;
}

std::vector<GridCorner> predict_corners(const Board& board, const std::vector<SeenMarker>& markers) {
  const std::vector<Placed> placed = place(board, markers);
  std::vector<GridCorner> corners;
  for (int id = 0; id < board.corner_count(); ++id) {
    const cv::Point2d corner = board.corner(id);
    std::vector<Ranked> nearest = nearest_to(corner, placed);
    if (nearest.size() > neighbours_asked) nearest.resize(neighbours_asked);
    const auto homography = local_homography(board, corner, nearest);
    if (!homography) continue;
    const auto at = [&](double dx, double dy) { return project(*homography, {dx, dy}); };
    GridCorner predicted{id, {}, {}};
    predicted.guess.at = at(0, 0);
    predicted.guess.step_x = cv::Vec2d(at(0.5, 0) - at(-0.5, 0));
    predicted.guess.step_y = cv::Vec2d(at(0, 0.5) - at(0, -0.5));
    predicted.guess.white_below_right = board.white_below_right(id);
    predicted.guess.rim_squares = board.rim_squares();
    corners.push_back(predicted);
  }
  return corners;
}

}  // namespace nearfar::vision
