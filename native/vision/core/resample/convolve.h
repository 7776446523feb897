#pragma once

#include <cstddef>

#include "kernel.h"

namespace nearfar::vision::resample {

/// Planes of floats, one a channel, in one piece of memory.
struct Planes {
  const float* first = nullptr;
  std::ptrdiff_t row_step = 0;
  std::ptrdiff_t plane_step = 0;
  int channels = 1;
};

/// Sums rows × columns of each plane with the weights of a row times those of a column. `lanes` values are read from
/// wherever `padded_taps` weights begin, so rows must not end with the last tap, and must be finite there.
/// @param samples where the first tap of the first row lies.
void convolve(const Planes& samples, const Kernel& across, const float* across_weights, const Kernel& down,
              const float* down_weights, float* sums);

}  // namespace nearfar::vision::resample
