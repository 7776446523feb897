#include "convolve.h"

#include <algorithm>
#include <cstdlib>

namespace nearfar::vision::resample {
namespace {

/// Of cells in color, and of their weights.
template <bool color>
constexpr int repeats = color ? quad_lanes : 1;

[[gnu::always_inline]] inline void add_weighted(Vector& sum, float weight, const float* cells) {
  Vector loaded;
  load(loaded, cells);
  sum += loaded * weight;
}

template <bool color>
[[gnu::always_inline]] inline void store_sum(const Vector& total, float* sums) {
  Quad sum;
  quad_sum(total, sum);
  if constexpr (color) {
    store(sum, sums);
  } else {
    sums[0] = (sum[0] + sum[2]) + (sum[1] + sum[3]);
  }
}

/// `vectors` columns of cells at once, so that their sums stay in registers.
template <bool color, int vectors>
[[gnu::always_inline]] inline void sum_narrow(const float* cells, std::ptrdiff_t row_step, const float* across_weights,
                                              int rows, const float* down_weights, float* sums) {
  Vector column[vectors] = {};
  for (int row = 0; row < rows; ++row, cells += row_step) {
    for (int i = 0; i < vectors; ++i) add_weighted(column[i], down_weights[row * repeats<color>], cells + i * lanes);
  }
  Vector total = {};
  for (int i = 0; i < vectors; ++i) {
    Vector weights;
    load(weights, across_weights + i * lanes);
    total += column[i] * weights;
  }
  store_sum<color>(total, sums);
}

/// The same numbers for kernels of any width.
template <bool color>
[[gnu::always_inline]] inline void sum_wide(const float* cells, std::ptrdiff_t row_step, int vectors,
                                            const float* across_weights, int rows, const float* down_weights,
                                            float* sums) {
  Vector total = {};
  for (int i = 0; i < vectors; ++i) {
    const float* begin = cells + i * lanes;
    Vector column = {};
    for (int row = 0; row < rows; ++row, begin += row_step) {
      add_weighted(column, down_weights[row * repeats<color>], begin);
    }
    Vector weights;
    load(weights, across_weights + i * lanes);
    total += column * weights;
  }
  store_sum<color>(total, sums);
}

/// @tparam vectors how many hold a row of a kernel; 0: it says so itself.
template <bool color, int vectors>
[[gnu::always_inline]] inline void sum_pixels(const Cells& cells, const Kernel& across, const Kernel& down,
                                              const Footprints& at, int count, float* sums) {
  for (int i = 0; i < count; ++i) {
    if (at.row[i] < 0) continue;
    const float* const begin = cells.first + (at.row[i] - cells.top) * cells.row_step +
                               static_cast<std::ptrdiff_t>(at.column[i] - cells.left) * repeats<color>;
    const float* const across_weights = across.weights(at.across_phase[i]);
    const float* const down_weights = down.weights(at.down_phase[i]);
    float* const into = sums + static_cast<std::ptrdiff_t>(i) * quad_lanes;
    if constexpr (vectors > 0) {
      sum_narrow<color, vectors>(begin, cells.row_step, across_weights, down.taps(), down_weights, into);
    } else {
      const int needed = (across.taps() * repeats<color> + lanes - 1) / lanes;
      sum_wide<color>(begin, cells.row_step, needed, across_weights, down.taps(), down_weights, into);
    }
  }
}

template <bool color>
[[gnu::always_inline]] inline void convolve_pixels(const Cells& cells, const Kernel& across, const Kernel& down,
                                                   const Footprints& at, int count, float* sums) {
  switch ((across.taps() * repeats<color> + lanes - 1) / lanes) {
    case 1: sum_pixels<color, 1>(cells, across, down, at, count, sums); break;
    case 2: sum_pixels<color, 2>(cells, across, down, at, count, sums); break;
    case 3: sum_pixels<color, 3>(cells, across, down, at, count, sums); break;
    case 4: sum_pixels<color, 4>(cells, across, down, at, count, sums); break;
    default: sum_pixels<color, 0>(cells, across, down, at, count, sums); break;
  }
}

/// What the row of pixels below will look at next when the frame lies turned in the result.
[[gnu::always_inline]] inline void prefetch(const Cells& cells, const Kernel& across, const Kernel& down,
                                            const Footprints& at, int count) {
  constexpr int floats_ahead = 2 * lanes;
  const int first = at.row[0], last = at.row[count - 1];
  if (first < 0 || last < 0) return;
  const std::ptrdiff_t repeat = cells.color ? quad_lanes : 1;
  const float* next = cells.first + (std::min(first, last) - cells.top) * cells.row_step +
                      (at.column[0] + across.taps() - cells.left) * repeat + floats_ahead;
  for (int rows = std::abs(last - first) + down.taps(); rows > 0; --rows, next += cells.row_step) {
    __builtin_prefetch(next);
  }
}

}  // namespace

NEARFAR_WIDE_CLONES
void convolve(const Cells& cells, const Kernel& across, const Kernel& down, const Footprints& footprints, int count,
              float* sums) {
  prefetch(cells, across, down, footprints, count);
  if (cells.color) {
    convolve_pixels<true>(cells, across, down, footprints, count, sums);
  } else {
    convolve_pixels<false>(cells, across, down, footprints, count, sums);
  }
}

}  // namespace nearfar::vision::resample
