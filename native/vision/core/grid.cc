#include "grid.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core/utility.hpp>

#include "lattice.h"

namespace nearfar::vision {
namespace {

/// An extrapolated corner is off by little more than the change of perspective over one square.
constexpr double extrapolation_squares = 0.15;
constexpr double least_search_px = 1.5;

void measure(const Image& image, GridCorner& corner, double search_squares) {
  const double step = std::min(cv::norm(corner.guess.step_x), cv::norm(corner.guess.step_y));
  const auto at = find_saddle(image, corner.guess, std::max(least_search_px, search_squares * step));
  if (!at) return;
  corner.guess.at = *at;
  corner.fit = fit_saddle(image, corner.guess, Effort::rough);
}

/// Corners do not depend on each other: OpenCV's threads share them.
template <typename Work>
void for_each_corner(std::vector<GridCorner>& corners, const CancelFlag& cancel, Work work) {
  cv::parallel_for_({0, static_cast<int>(corners.size())}, [&](const cv::Range& range) {
    for (int i = range.start; i < range.end && !cancel.is_cancelled(); ++i) work(corners[static_cast<std::size_t>(i)]);
  });
  cancel.check();
}

/// Drops the most strained corner until none is over the limit; its neighbours relax with it.
void drop_strained(const Board& board, std::vector<GridCorner>& corners) {
  const Lattice lattice(board, corners);
  while (true) {
    GridCorner* worst = nullptr;
    double greatest = 1;
    for (GridCorner& corner : corners) {
      const double here = lattice.strain(corner.id);
      if (here <= greatest) continue;
      greatest = here;
      worst = &corner;
    }
    if (worst == nullptr) return;
    worst->fit.reset();
  }
}

/// A guess from two measured neighbours in line, or from three that make a parallelogram with the corner.
std::optional<SaddleGuess> extrapolate(const Lattice& lattice, const Board& board, int id) {
  cv::Point2d sum;
  int count = 0;
  const GridCorner* nearest = nullptr;
  const auto take = [&](const GridCorner* near, const GridCorner* plus, const GridCorner* minus) {
    if (near == nullptr || plus == nullptr || minus == nullptr) return;
    sum += near->fit->at + plus->fit->at - minus->fit->at;
    count += 1;
    nearest = near;
  };
  for (const int sign : {-1, 1}) {
    take(lattice.fitted(id, sign, 0), lattice.fitted(id, sign, 0), lattice.fitted(id, 2 * sign, 0));
    take(lattice.fitted(id, 0, sign), lattice.fitted(id, 0, sign), lattice.fitted(id, 0, 2 * sign));
    for (const int other : {-1, 1}) {
      take(lattice.fitted(id, sign, 0), lattice.fitted(id, 0, other), lattice.fitted(id, sign, other));
    }
  }
  if (nearest == nullptr) return std::nullopt;
  SaddleGuess guess = nearest->guess;
  guess.at = sum / count;
  guess.blur_px = nearest->fit->blur_px;
  guess.white_below_right = board.white_below_right(id);
  return guess;
}

/// Goes on from the measured corners to those that no marker promised, each tried once.
void grow(const Image& image, const Board& board, std::vector<GridCorner>& corners, const CancelFlag& cancel) {
  std::vector<bool> tried(static_cast<std::size_t>(board.corner_count()), false);
  for (const GridCorner& corner : corners) tried[static_cast<std::size_t>(corner.id)] = corner.fit.has_value();
  for (bool grown = true; grown;) {
    grown = false;
    std::vector<GridCorner> added;
    const Lattice lattice(board, corners);
    for (int id = 0; id < board.corner_count(); ++id) {
      if (tried[static_cast<std::size_t>(id)]) continue;
      const auto guess = extrapolate(lattice, board, id);
      if (!guess) continue;
      tried[static_cast<std::size_t>(id)] = true;
      added.push_back({id, *guess, {}});
    }
    for_each_corner(added, cancel, [&](GridCorner& corner) { measure(image, corner, extrapolation_squares); });
    for (const GridCorner& corner : added) {
      if (!corner.fit) continue;
      std::erase_if(corners, [&](const GridCorner& old) { return old.id == corner.id; });
      corners.push_back(corner);
      grown = true;
    }
  }
  std::sort(corners.begin(), corners.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
}

/// Steps and curvatures as the measured neighbours say.
SaddleGuess refined_guess(const Lattice& lattice, const GridCorner& corner) {
  SaddleGuess guess = corner.guess;
  guess.at = corner.fit->at;
  guess.blur_px = corner.fit->blur_px;
  if (const auto row = lattice.span(corner.id, 1, 0)) guess.step_x = row->step;
  if (const auto column = lattice.span(corner.id, 0, 1)) guess.step_y = column->step;
  guess.row_curvature = lattice.curvature(corner.id, 1, 0, guess.step_y);
  guess.column_curvature = lattice.curvature(corner.id, 0, 1, guess.step_x);
  return guess;
}

}  // namespace

void measure_grid(const Image& image, const Board& board, std::vector<GridCorner>& corners, double search_squares,
                  const CancelFlag& cancel) {
  for_each_corner(corners, cancel, [&](GridCorner& corner) { measure(image, corner, search_squares); });
  drop_strained(board, corners);
  grow(image, board, corners, cancel);
  drop_strained(board, corners);

  // All guesses come from the first fits before any second one replaces them.
  const Lattice lattice(board, corners);
  for (GridCorner& corner : corners) {
    if (corner.fit) corner.guess = refined_guess(lattice, corner);
  }
  for_each_corner(corners, cancel, [&](GridCorner& corner) {
    if (corner.fit) corner.fit = fit_saddle(image, corner.guess, Effort::full);
  });
  drop_strained(board, corners);
}

}  // namespace nearfar::vision
