#include "lattice.h"

#include <algorithm>
#include <cmath>

namespace nearfar::vision {
namespace {

/// How far from the middle of its two neighbours a corner may lie, in steps: along their line perspective moves it,
/// across it only distortion and a bent board do.
constexpr double greatest_along = 0.15;
constexpr double greatest_across = 0.08;

double cross(const cv::Vec2d& a, const cv::Vec2d& b) { return a[0] * b[1] - a[1] * b[0]; }

double strain_of(const Span& span) {
  const double square = span.step.dot(span.step);
  return std::max(std::abs(span.sag.dot(span.step)) / square / greatest_along,
                  std::abs(cross(span.step, span.sag)) / square / greatest_across);
}

}  // namespace

Lattice::Lattice(const Board& board, const std::vector<GridCorner>& corners)
    : board_(&board), places_(static_cast<std::size_t>(board.corner_count()), nullptr) {
  for (const GridCorner& corner : corners) places_[static_cast<std::size_t>(corner.id)] = &corner;
}

const GridCorner* Lattice::fitted(int id, int columns, int rows) const {
  const int column = id % board_->corners_x() + columns;
  const int row = id / board_->corners_x() + rows;
  if (column < 0 || row < 0 || column >= board_->corners_x() || row >= board_->corners_y()) return nullptr;
  const GridCorner* there = places_[static_cast<std::size_t>(row * board_->corners_x() + column)];
  return there != nullptr && there->fit ? there : nullptr;
}

std::optional<Span> Lattice::span(int id, int columns, int rows) const {
  const GridCorner* here = fitted(id);
  const GridCorner* before = fitted(id, -columns, -rows);
  const GridCorner* after = fitted(id, columns, rows);
  if (here == nullptr || before == nullptr || after == nullptr) return std::nullopt;
  return Span{cv::Vec2d(after->fit->at - before->fit->at) / 2,
              cv::Vec2d((after->fit->at + before->fit->at) / 2 - here->fit->at)};
}

double Lattice::curvature(int id, int columns, int rows, const cv::Vec2d& side) const {
  for (const int along : {0, 1, -1}) {
    if (fitted(id, along * columns, along * rows) == nullptr) continue;
    const auto here = span(id + along * (columns + rows * board_->corners_x()), columns, rows);
    if (!here) continue;
    const double square = here->step.dot(here->step);
    const double towards_side = cross(here->step, side) > 0 ? 1 : -1;
    return 2 * towards_side * cross(here->step, here->sag) / (square * std::sqrt(square));
  }
  return 0;
}

double Lattice::strain(int id) const {
  double worst = 0;
  if (const auto row = span(id, 1, 0)) worst = std::max(worst, strain_of(*row));
  if (const auto column = span(id, 0, 1)) worst = std::max(worst, strain_of(*column));
  return worst;
}

}  // namespace nearfar::vision
