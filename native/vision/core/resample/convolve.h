#pragma once

#include <cstddef>

#include "kernel.h"

namespace nearfar::vision::resample {

/// Part of the cells of a frame. In color each has `quad_lanes` floats, the last of which means nothing; else one.
struct Cells {
  const float* first = nullptr;
  /// In floats; `lanes` of them beyond the last cell of a row can be read and are finite.
  std::ptrdiff_t row_step = 0;
  bool color = false;
  /// Column and row of the first one in the frame.
  int left = 0;
  int top = 0;
};

/// For pixels side by side in the result: their kernels' first cell in the frame and phases (`Kernel::weights`).
struct Footprints {
  const int* column = nullptr;
  /// Negative: the kernel would leave the frame, or the map shows nothing.
  const int* row = nullptr;
  const int* across_phase = nullptr;
  const int* down_phase = nullptr;
};

/// Sums the cells under each footprint with the weights of their row times those of their column.
/// @param sums `quad_lanes` floats a pixel; those without a footprint keep what they have.
void convolve(const Cells& cells, const Kernel& across, const Kernel& down, const Footprints& footprints, int count,
              float* sums);

}  // namespace nearfar::vision::resample
