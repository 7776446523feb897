#include "convolve.h"

#include <algorithm>
#include <cstdlib>

namespace nearfar::vision::resample {
namespace {

/// What `convolve` is asked for.
struct Task {
  const Cells& cells;
  const Kernel& across;
  const Kernel& down;
  const Footprints& at;
  int count;
  float* sums;
};

/// Of cells in color, and of their weights.
template <bool color>
constexpr int repeats = color ? quad_lanes : 1;

// Machines differ in how many floats they compute on at once, a `Part` of the `lanes`. Each lane is summed by itself,
// and the lanes are added in one order, so that all give the same numbers.

template <typename Part>
constexpr int width = sizeof(Part) / sizeof(float);
template <typename Part>
constexpr int parts = lanes / width<Part>;

/// Sums of every fourth lane.
[[gnu::always_inline]] inline void quad_sum(const Quad (&v)[4], Quad& sum) { sum = (v[0] + v[2]) + (v[1] + v[3]); }
[[gnu::always_inline]] inline void quad_sum(const Half (&v)[2], Quad& sum) {
  const Half half = v[0] + v[1];
  sum = __builtin_shufflevector(half, half, 0, 1, 2, 3) + __builtin_shufflevector(half, half, 4, 5, 6, 7);
}
[[gnu::always_inline]] inline void quad_sum(const Vector (&v)[1], Quad& sum) {
  const Half halves[] = {__builtin_shufflevector(v[0], v[0], 0, 1, 2, 3, 4, 5, 6, 7),
                         __builtin_shufflevector(v[0], v[0], 8, 9, 10, 11, 12, 13, 14, 15)};
  quad_sum(halves, sum);
}

/// Columns of cells side by side, all at once, so that their sums stay in registers.
/// @tparam vectors `lanes` floats of a row each.
template <bool color, typename Part, int vectors>
[[gnu::always_inline]] inline void add_columns(const float* cells, std::ptrdiff_t row_step, const float* across_weights,
                                               int rows, const float* down_weights, Part (&totals)[parts<Part>]) {
  constexpr int count = vectors * parts<Part>;
  Part columns[count] = {};
  for (int row = 0; row < rows; ++row, cells += row_step) {
    const float weight = down_weights[row * repeats<color>];
    for (int i = 0; i < count; ++i) {
      Part loaded;
      load(loaded, cells + i * width<Part>);
      columns[i] += loaded * weight;
    }
  }
  for (int i = 0; i < count; ++i) {
    Part weights;
    load(weights, across_weights + i * width<Part>);
    totals[i % parts<Part>] += columns[i] * weights;
  }
}

template <bool color>
[[gnu::always_inline]] inline void store_sum(const Quad& sum, float* sums) {
  if constexpr (color) {
    store(sum, sums);
  } else {
    sums[0] = (sum[0] + sum[2]) + (sum[1] + sum[3]);
  }
}

/// @tparam vectors how many hold a row of a kernel; 0: it says so itself.
template <bool color, typename Part, int vectors>
[[gnu::always_inline]] inline void sum_pixels(const Task& task) {
  // A copy, which stays in registers.
  const auto [cells, across, down, at, count, sums] = task;
  for (int i = 0; i < count; ++i) {
    if (at.row[i] < 0) continue;
    const float* const begin = cells.first + (at.row[i] - cells.top) * cells.row_step +
                               static_cast<std::ptrdiff_t>(at.column[i] - cells.left) * repeats<color>;
    const float* const across_weights = across.weights(at.across_phase[i]);
    const float* const down_weights = down.weights(at.down_phase[i]);
    Part totals[parts<Part>] = {};
    if constexpr (vectors > 0) {
      add_columns<color, Part, vectors>(begin, cells.row_step, across_weights, down.taps(), down_weights, totals);
    } else {
      for (int done = 0; done < across.taps() * repeats<color>; done += lanes) {
        add_columns<color, Part, 1>(begin + done, cells.row_step, across_weights + done, down.taps(), down_weights,
                                    totals);
      }
    }
    Quad sum;
    quad_sum(totals, sum);
    store_sum<color>(sum, sums + static_cast<std::ptrdiff_t>(i) * quad_lanes);
  }
}

template <bool color, typename Part>
[[gnu::always_inline]] inline void convolve_pixels(const Task& task) {
  switch ((task.across.taps() * repeats<color> + lanes - 1) / lanes) {
    case 1: sum_pixels<color, Part, 1>(task); break;
    case 2: sum_pixels<color, Part, 2>(task); break;
    case 3: sum_pixels<color, Part, 3>(task); break;
    case 4: sum_pixels<color, Part, 4>(task); break;
    default: sum_pixels<color, Part, 0>(task); break;
  }
}

/// What the row of pixels below will look at next when the frame lies turned in the result.
[[gnu::always_inline]] inline void prefetch(const Task& task) {
  const auto& [cells, across, down, at, count, sums] = task;
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

template <typename Part>
[[gnu::always_inline]] inline void convolve_by(const Task& task) {
  prefetch(task);
  if (task.cells.color) {
    convolve_pixels<true, Part>(task);
  } else {
    convolve_pixels<false, Part>(task);
  }
}

#ifdef NEARFAR_VERSION_FOR
NEARFAR_VERSION_FOR("avx512f") void convolve_on_machine(const Task& task) { convolve_by<Vector>(task); }
NEARFAR_VERSION_FOR("avx2") void convolve_on_machine(const Task& task) { convolve_by<Half>(task); }
NEARFAR_VERSION_FOR("default") void convolve_on_machine(const Task& task) { convolve_by<Quad>(task); }
#else
void convolve_on_machine(const Task& task) { convolve_by<Quad>(task); }
#endif

}  // namespace

void convolve(const Cells& cells, const Kernel& across, const Kernel& down, const Footprints& footprints, int count,
              float* sums) {
  convolve_on_machine({cells, across, down, footprints, count, sums});
}

}  // namespace nearfar::vision::resample
