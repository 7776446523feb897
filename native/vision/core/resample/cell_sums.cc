#include "cell_sums.h"

#include "simd.h"

namespace nearfar::vision::resample {
namespace {

/// Weighted sum of rows: the middle one, then those of each pair as far from it, whose weight is the same.
/// @tparam reach how many pairs, known when this is compiled. @tparam Exact adds two samples without rounding words.
/// @param middle the middle one of the rows.
template <int reach, typename Exact, typename Sample>
[[gnu::always_inline]] inline void sum_rows(const Sample* const* middle, const float* weights, float* __restrict sums,
                                            std::size_t count) {
  const Sample* const own = middle[0];
  const Sample* above[reach + 1];
  const Sample* below[reach + 1];
  for (int k = 1; k <= reach; ++k) above[k] = middle[-k], below[k] = middle[k];
  for (std::size_t i = 0; i < count; ++i) {
    float sum = static_cast<float>(own[i]) * weights[0];
    for (int k = 1; k <= reach; ++k) {
      // Weights of whole steps are 0.
      if (k == (reach + 1) / 2) continue;
      sum += static_cast<float>(static_cast<Exact>(above[k][i]) + static_cast<Exact>(below[k][i])) * weights[k];
    }
    sums[i] = sum;
  }
}

/// The same numbers, for any number of pairs.
template <typename Exact, typename Sample>
[[gnu::always_inline]] inline void sum_many_rows(const Sample* const* middle, const std::vector<float>& weights,
                                                 float* __restrict sums, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) sums[i] = static_cast<float>(middle[0][i]) * weights[0];
  for (int k = 1; k < static_cast<int>(weights.size()); ++k) {
    if (weights[k] == 0) continue;
    const Sample* const above = middle[-k];
    const Sample* const below = middle[k];
    const float weight = weights[k];
    for (std::size_t i = 0; i < count; ++i) {
      sums[i] += static_cast<float>(static_cast<Exact>(above[i]) + static_cast<Exact>(below[i])) * weight;
    }
  }
}

template <typename Exact, typename Sample>
[[gnu::always_inline]] inline void sum_any_rows(const Sample* const* middle, const std::vector<float>& weights,
                                                float* sums, std::size_t count) {
  switch (weights.size()) {
    case 1: sum_rows<0, Exact>(middle, weights.data(), sums, count); break;
    case 4: sum_rows<3, Exact>(middle, weights.data(), sums, count); break;
    case 6: sum_rows<5, Exact>(middle, weights.data(), sums, count); break;
    default: sum_many_rows<Exact>(middle, weights, sums, count); break;
  }
}

/// Weighted sums along a row. @param sums the first cell's middle. @param step from middle to middle.
/// @tparam Cell as many floats as a cell has; one beyond a pixel's may be read.
template <typename Cell, int channels>
[[gnu::always_inline]] inline void sum_steps(const float* sums, std::ptrdiff_t step, const float* weights, int cells,
                                             float* into) {
  constexpr std::ptrdiff_t floats = sizeof(Cell) / sizeof(float);
  for (std::ptrdiff_t cell = 0; cell < cells; ++cell, sums += step * channels, into += floats) {
    Cell total;
    load(total, sums);
    total = total * weights[0];
    for (std::ptrdiff_t k = 1; k < 2 * step; ++k) {
      if (k == step) continue;
      Cell before, after;
      load(before, sums - k * channels);
      load(after, sums + k * channels);
      total += (before + after) * weights[k];
    }
    store(total, into);
  }
}

template <typename Cell, int channels>
[[gnu::always_inline]] inline void sum_any_steps(const float* sums, int step, const float* weights, int cells,
                                                 float* into) {
  // With steps that are known when this is compiled it is much faster.
  switch (step) {
    case 1: sum_steps<Cell, channels>(sums, 1, weights, cells, into); break;
    case 2: sum_steps<Cell, channels>(sums, 2, weights, cells, into); break;
    case 3: sum_steps<Cell, channels>(sums, 3, weights, cells, into); break;
    default: sum_steps<Cell, channels>(sums, step, weights, cells, into); break;
  }
}

}  // namespace

NEARFAR_WIDE_CLONES
void sum_down(const std::uint16_t* const* middle, const std::vector<float>& weights, float* sums, std::size_t count) {
  sum_any_rows<std::int32_t>(middle, weights, sums, count);
}
NEARFAR_WIDE_CLONES
void sum_down(const float* const* middle, const std::vector<float>& weights, float* sums, std::size_t count) {
  sum_any_rows<float>(middle, weights, sums, count);
}

NEARFAR_WIDE_CLONES
void sum_across(const float* sums, int channels, int step, const std::vector<float>& weights, int cells, float* into) {
  const float* const middle = sums + static_cast<std::ptrdiff_t>(weights.size() - 1) * channels;
  if (channels == 3) {
    sum_any_steps<Quad, 3>(middle, step, weights.data(), cells, into);
  } else {
    sum_any_steps<float, 1>(middle, step, weights.data(), cells, into);
  }
}

}  // namespace nearfar::vision::resample
