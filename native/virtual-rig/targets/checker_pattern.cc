#include "targets/checker_pattern.h"

#include <cmath>

namespace nearfar::rig {
namespace {

constexpr int kBitsOnASide = 6;
/// With the black border of one cell.
constexpr int kCells = kBitsOnASide + 2;

}  // namespace

CheckerPattern::CheckerPattern(const BoardDefinition& board)
    : squares_x_(board.squares_x),
      squares_y_(board.squares_y),
      square_mm_(static_cast<float>(board.square_mm)),
      black_parity_(board.top_left_black ? 0 : 1),
      rim_mm_(static_cast<float>((board.square_mm - board.marker_mm) / 2)),
      cells_per_mm_(board.marker_bits.empty() ? 0.0f : static_cast<float>(kCells / board.marker_mm)) {
  if (board.marker_bits.empty()) return;
  bits_by_square_.resize(static_cast<std::size_t>(squares_x_ * squares_y_));
  auto next = board.marker_bits.begin();
  for (int square = 0; square < squares_x_ * squares_y_; ++square) {
    const int parity = (square % squares_x_ + square / squares_x_) % 2;
    if (parity != black_parity_) bits_by_square_[static_cast<std::size_t>(square)] = *next++;
  }
}

bool CheckerPattern::black_at(float u, float v) const {
  const float x = u + 0.5f * static_cast<float>(squares_x_) * square_mm_;
  const float y = v + 0.5f * static_cast<float>(squares_y_) * square_mm_;
  const float column_place = x / square_mm_, row_place = y / square_mm_;
  if (!(column_place >= 0 && row_place >= 0)) return false;
  if (column_place >= static_cast<float>(squares_x_) || row_place >= static_cast<float>(squares_y_)) return false;
  const int column = static_cast<int>(column_place), row = static_cast<int>(row_place);
  if ((column + row) % 2 == black_parity_) return true;
  if (cells_per_mm_ == 0) return false;
  return marker_black(row * squares_x_ + column, x - static_cast<float>(column) * square_mm_ - rim_mm_,
                      y - static_cast<float>(row) * square_mm_ - rim_mm_);
}

bool CheckerPattern::marker_black(int square, float x, float y) const {
  if (x < 0 || y < 0) return false;
  const int column = static_cast<int>(x * cells_per_mm_), row = static_cast<int>(y * cells_per_mm_);
  if (column >= kCells || row >= kCells) return false;
  if (column == 0 || row == 0 || column == kCells - 1 || row == kCells - 1) return true;
  const int bit = kBitsOnASide * kBitsOnASide - 1 - (row - 1) * kBitsOnASide - (column - 1);
  return ((bits_by_square_[static_cast<std::size_t>(square)] >> bit) & 1) == 0;
}

Vec2 inner_corner(const BoardDefinition& board, int id) {
  const int columns = board.squares_x - 1;
  const SizeMm pattern = board.pattern();
  return {(id % columns + 1) * board.square_mm - pattern.width / 2,
          (id / columns + 1) * board.square_mm - pattern.height / 2};
}

int inner_corner_count(const BoardDefinition& board) { return (board.squares_x - 1) * (board.squares_y - 1); }

}  // namespace nearfar::rig
