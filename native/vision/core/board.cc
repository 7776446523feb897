#include "board.h"

#include <stdexcept>

#include "dictionary.h"

namespace nearfar::vision {
namespace {

constexpr int least_squares = 3;
constexpr int greatest_squares = 200;

void check_squares(const char* name, int squares) {
  if (squares >= least_squares && squares <= greatest_squares) return;
  throw std::invalid_argument(std::string(name) + " is " + std::to_string(squares) + ", not " +
                              std::to_string(least_squares) + " to " + std::to_string(greatest_squares));
}

void check_markers(const Markers& markers, std::size_t white_squares) {
  if (!(markers.side_squares > 0 && markers.side_squares < 1)) {
    throw std::invalid_argument("markerMm must be above 0 and below squareMm");
  }
  const int last = markers.first_id + static_cast<int>(white_squares) - 1;
  const int available = marker_count(markers.dictionary);
  if (markers.first_id >= 0 && last < available) return;
  throw std::invalid_argument("the board needs markers " + std::to_string(markers.first_id) + " to " +
                              std::to_string(last) + ", but " + markers.dictionary + " has 0 to " +
                              std::to_string(available - 1));
}

}  // namespace

std::vector<cv::Point2d> Board::white_squares() const {
  std::vector<cv::Point2d> squares;
  for (int row = 0; row < squares_y; ++row) {
    for (int column = 0; column < squares_x; ++column) {
      if (!is_black(column, row)) squares.emplace_back(column, row);
    }
  }
  return squares;
}

void check_board(const Board& board) {
  check_squares("squaresX", board.squares_x);
  check_squares("squaresY", board.squares_y);
  if (board.markers) check_markers(*board.markers, board.white_squares().size());
}

}  // namespace nearfar::vision
