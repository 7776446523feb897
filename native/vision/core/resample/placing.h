#pragma once

#include <vector>

#include "convolve.h"
#include "patch.h"
#include "plan.h"

namespace nearfar::vision::resample {

/// Where the kernels of a tile's pixels lie in the cells of the frame. Its memory is used again for the next tile.
class Placing {
 public:
  /// Both must outlive it.
  Placing(const Plan& plan, const Decoding& decoding) : plan_(plan), decoding_(decoding) {}

  /// @returns the cells that the tile's kernels cover; without width when there are none.
  Area place(const Area& tile);
  /// Of that tile's row `v`, from `u` to its right.
  Footprints at(int u, int v) const;

 private:
  void place_row(int v, Area& covered);

  const Plan& plan_;
  const Decoding& decoding_;
  Area tile_;
  std::vector<double> x_;
  std::vector<double> y_;
  std::vector<int> column_;
  std::vector<int> row_;
  std::vector<int> across_phase_;
  std::vector<int> down_phase_;
};

}  // namespace nearfar::vision::resample
