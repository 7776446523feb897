#include "convolve.h"

namespace nearfar::vision::resample {
namespace {

[[gnu::always_inline]] inline void add_weighted(Vector& sum, float weight, const float* samples) {
  Vector loaded;
  load(loaded, samples);
  sum += loaded * weight;
}

using Half = float __attribute__((vector_size(lanes / 2 * sizeof(float))));
using Quarter = float __attribute__((vector_size(lanes / 4 * sizeof(float))));

/// The fixed order in which lanes are summed.
[[gnu::always_inline]] inline float lane_sum(const Vector& v) {
  const Half half = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
              __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
  const Quarter quarter = __builtin_shufflevector(half, half, 0, 1, 2, 3) +
                          __builtin_shufflevector(half, half, 4, 5, 6, 7);
  return (quarter[0] + quarter[2]) + (quarter[1] + quarter[3]);
}

/// `vectors` columns of lanes of `channels` planes at once, so that their sums stay in registers.
template <int channels, int vectors>
[[gnu::always_inline]] inline void convolve_narrow(const Planes& samples, const float* across_weights, int rows,
                                                   const float* down_weights, float* sums) {
  Vector column[channels][vectors] = {};
  for (int row = 0; row < rows; ++row) {
    const float* const begin = samples.first + row * samples.row_step;
    for (int channel = 0; channel < channels; ++channel) {
      for (int i = 0; i < vectors; ++i) {
        add_weighted(column[channel][i], down_weights[row], begin + channel * samples.plane_step + i * lanes);
      }
    }
  }
  for (int channel = 0; channel < channels; ++channel) {
    Vector total = {};
    for (int i = 0; i < vectors; ++i) {
      Vector weights;
      load(weights, across_weights + i * lanes);
      total += column[channel][i] * weights;
    }
    sums[channel] = lane_sum(total);
  }
}

/// The same numbers for kernels of any width.
[[gnu::always_inline]] inline void convolve_wide(const Planes& samples, int vectors, const float* across_weights,
                                                 int rows, const float* down_weights, float* sums) {
  for (int channel = 0; channel < samples.channels; ++channel) {
    Vector total = {};
    for (int i = 0; i < vectors; ++i) {
      const float* begin = samples.first + channel * samples.plane_step + i * lanes;
      Vector column = {};
      for (int row = 0; row < rows; ++row, begin += samples.row_step) add_weighted(column, down_weights[row], begin);
      Vector weights;
      load(weights, across_weights + i * lanes);
      total += column * weights;
    }
    sums[channel] = lane_sum(total);
  }
}

}  // namespace

NEARFAR_WIDE_CLONES
void convolve(const Planes& samples, const Kernel& across, const float* across_weights, const Kernel& down,
              const float* down_weights, float* sums) {
  const int vectors = across.padded_taps() / lanes;
  const int rows = down.taps();
  if (samples.channels == 3 && vectors == 1) {
    convolve_narrow<3, 1>(samples, across_weights, rows, down_weights, sums);
  } else if (samples.channels == 3 && vectors == 2) {
    convolve_narrow<3, 2>(samples, across_weights, rows, down_weights, sums);
  } else if (samples.channels == 1 && vectors == 1) {
    convolve_narrow<1, 1>(samples, across_weights, rows, down_weights, sums);
  } else if (samples.channels == 1 && vectors == 2) {
    convolve_narrow<1, 2>(samples, across_weights, rows, down_weights, sums);
  } else {
    convolve_wide(samples, vectors, across_weights, rows, down_weights, sums);
  }
}

}  // namespace nearfar::vision::resample
