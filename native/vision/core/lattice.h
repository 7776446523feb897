#pragma once

#include <optional>
#include <vector>

#include "board.h"
#include "grid.h"

namespace nearfar::vision {

/// A corner between its two neighbours on one line of the board.
struct Span {
  /// From one neighbour to the next, halved.
  cv::Vec2d step;
  /// From the corner to the middle of its neighbours.
  cv::Vec2d sag;
};

/// The corners of a board by column and row.
class Lattice {
 public:
  /// `corners` outlives the lattice; those without a fit are as good as absent.
  Lattice(const Board& board, const std::vector<GridCorner>& corners);

  /// The measured corner so many columns and rows from `id`; null where there is none.
  const GridCorner* fitted(int id, int columns = 0, int rows = 0) const;
  /// Along a row (1, 0) or a column (0, 1).
  std::optional<Span> span(int id, int columns, int rows) const;
  /// Curvature (1/px) of that line at the corner, positive towards `side`: taken from the neighbour on the line where
  /// the corner is its end; 0 where the line is too short to tell.
  double curvature(int id, int columns, int rows, const cv::Vec2d& side) const;
  /// How far the corner is from where its neighbours on both lines allow it to be; 1 is the limit.
  double strain(int id) const;

 private:
  const Board* board_;
  std::vector<const GridCorner*> places_;
};

}  // namespace nearfar::vision
