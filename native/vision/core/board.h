#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

namespace nearfar::vision {

/// The markers of a ChArUco board: one, upright, in the middle of each white square.
struct Markers {
  /// OpenCV's name of the dictionary, as "DICT_6X6_250".
  std::string dictionary;
  /// Id of the first white square's marker; the others follow row-major.
  int first_id = 0;
  /// Side of a marker over the side of a square.
  double side_squares = 0;
};

/// A checker board. Its coordinates are in squares, (0, 0) at the top left of the upright board, x right, y down;
/// inner corner `id` = row × corners_x + column lies at (column + 1, row + 1).
struct Board {
  int squares_x = 0;
  int squares_y = 0;
  bool top_left_black = true;
  std::optional<Markers> markers;

  int corners_x() const { return squares_x - 1; }
  int corners_y() const { return squares_y - 1; }
  int corner_count() const { return corners_x() * corners_y(); }
  cv::Point2d corner(int id) const { return {1.0 + id % corners_x(), 1.0 + static_cast<double>(id / corners_x())}; }
  bool is_black(int column, int row) const { return ((column + row) % 2 == 0) == top_left_black; }
  /// Whether the square below and to the right of the corner is white; the one above and to the left is like it.
  bool white_below_right(int corner_id) const {
    return !is_black(corner_id % corners_x(), corner_id / corners_x());
  }
  /// Top left of each white square, row-major.
  std::vector<cv::Point2d> white_squares() const;
  /// Between the edges of a white square and its marker; one square where there are no markers.
  double rim_squares() const { return markers ? (1 - markers->side_squares) / 2 : 1; }
};

/// Throws std::invalid_argument with a text for the user when no such board can exist.
void check_board(const Board& board);

}  // namespace nearfar::vision
