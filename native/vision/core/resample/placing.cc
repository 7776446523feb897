#include "placing.h"

#include <algorithm>
#include <limits>

#include "simd.h"

namespace nearfar::vision::resample {
namespace {

/// Of one direction: the frame's cells and the kernel on them.
struct Axis {
  int cells;
  int reach;
  int phases;
};

struct Span {
  int least = std::numeric_limits<int>::max();
  int greatest = -1;
};

/// @param first first cell under the kernel; -1 where it would leave the frame. @param places cells, perhaps NaN.
[[gnu::always_inline]] inline void put(const Axis& axis, const double* __restrict places, int count,
                                       int* __restrict first, int* __restrict phase) {
  const double last = axis.cells - 1;
  for (int i = 0; i < count; ++i) {
    const double place = places[i] >= 0 && places[i] <= last ? places[i] : 0;
    const int before = static_cast<int>(place);
    const int begin = before - axis.reach + 1;
    first[i] = begin + 2 * axis.reach <= axis.cells ? begin : -1;
    phase[i] = static_cast<int>((place - before) * axis.phases + 0.5);
  }
}

/// For pixels with the same kernels.
NEARFAR_WIDE_CLONES
void put_run(const Axis& across, const Axis& down, const double* x, const double* y, int count, int* column, int* row,
             int* across_phase, int* down_phase) {
  put(across, x, count, column, across_phase);
  put(down, y, count, row, down_phase);
}

/// Gives rows that are nowhere in one direction -1.
NEARFAR_WIDE_CLONES
void join(int* __restrict column, int* __restrict row, int count, Span& columns, Span& rows) {
  Span across = columns, down = rows;
  for (int i = 0; i < count; ++i) {
    const bool inside = column[i] >= 0 && row[i] >= 0;
    row[i] = inside ? row[i] : -1;
    across.least = std::min(across.least, inside ? column[i] : across.least);
    across.greatest = std::max(across.greatest, inside ? column[i] : -1);
    down.least = std::min(down.least, inside ? row[i] : down.least);
    down.greatest = std::max(down.greatest, row[i]);
  }
  columns = across;
  rows = down;
}

/// From places in the upright frame to those in cells.
NEARFAR_WIDE_CLONES
void to_cells(const FrameMap& map, const Decoding& decoding, double* __restrict x, double* __restrict y, int count) {
  for (int i = 0; i < count; ++i) {
    const Place stored = map.stored({x[i], y[i]});
    x[i] = decoding.cell_place(stored.x);
    y[i] = decoding.cell_place(stored.y);
  }
}

}  // namespace

Area Placing::place(const Area& tile) {
  tile_ = tile;
  x_.resize(tile.width());
  y_.resize(tile.width());
  const std::size_t pixels = static_cast<std::size_t>(tile.width()) * tile.height();
  for (std::vector<int>* numbers : {&column_, &row_, &across_phase_, &down_phase_}) numbers->resize(pixels);
  Area covered{decoding_.columns(), decoding_.rows(), 0, 0};
  for (int v = tile.top; v < tile.bottom; ++v) place_row(v, covered);
  return covered;
}

void Placing::place_row(int v, Area& covered) {
  plan_.map().upright_row(tile_.left, v, tile_.width(), x_.data(), y_.data());
  to_cells(plan_.map(), decoding_, x_.data(), y_.data(), tile_.width());
  const std::size_t first = static_cast<std::size_t>(v - tile_.top) * tile_.width();
  for (int u = tile_.left; u < tile_.right;) {
    const int end = std::min(tile_.right, plan_.block_end(u));
    const auto& [across, down] = plan_.kernels(u, v);
    const std::size_t pixel = first + (u - tile_.left);
    Span columns, rows;
    put_run({decoding_.columns(), across->reach(), across->phases()}, {decoding_.rows(), down->reach(), down->phases()},
            &x_[u - tile_.left], &y_[u - tile_.left], end - u, &column_[pixel], &row_[pixel], &across_phase_[pixel],
            &down_phase_[pixel]);
    join(&column_[pixel], &row_[pixel], end - u, columns, rows);
    if (rows.greatest >= 0) {
      covered.left = std::min(covered.left, columns.least);
      covered.top = std::min(covered.top, rows.least);
      covered.right = std::max(covered.right, columns.greatest + across->taps());
      covered.bottom = std::max(covered.bottom, rows.greatest + down->taps());
    }
    u = end;
  }
}

Footprints Placing::at(int u, int v) const {
  const std::size_t first = static_cast<std::size_t>(v - tile_.top) * tile_.width() + (u - tile_.left);
  return {&column_[first], &row_[first], &across_phase_[first], &down_phase_[first]};
}

}  // namespace nearfar::vision::resample
