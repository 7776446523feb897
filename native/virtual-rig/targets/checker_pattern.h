// The printed pattern of a chessboard or ChArUco board, with exact edges.
#pragma once

#include <cstdint>
#include <vector>

#include "targets/definition.h"

namespace nearfar::rig {

/// Ink on an ideal print, at any point.
class CheckerPattern {
 public:
  explicit CheckerPattern(const BoardDefinition& board);

  /// @param u, v mm from the board's centre, right and down. White outside the pattern. About 10 ns.
  bool black_at(float u, float v) const;

 private:
  bool marker_black(int square, float x, float y) const;

  int squares_x_;
  int squares_y_;
  float square_mm_;
  /// (column + row) % 2 of the black squares.
  int black_parity_;
  /// From the square's edge to the marker's.
  float rim_mm_;
  /// 0 without markers.
  float cells_per_mm_;
  /// By square, row-major; 0 for black squares.
  std::vector<std::uint64_t> bits_by_square_;
};

/// Where inner corner `id` stands on an ideal print, mm; row-major from the top left.
Vec2 inner_corner(const BoardDefinition& board, int id);
int inner_corner_count(const BoardDefinition& board);

}  // namespace nearfar::rig
