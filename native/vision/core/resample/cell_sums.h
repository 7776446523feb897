#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace nearfar::vision::resample {

/// Cells of pixels (`Decoding`): weighted sums down their rows, then across those.

/// @param middle the middle one of the rows under a row of cells; as many lie on either side of it as `weights` has
/// members, less one. @param weights `Decoding::cell_weights`. @param count samples of a row.
void sum_down(const std::uint16_t* const* middle, const std::vector<float>& weights, float* sums, std::size_t count);
/// The same of their light.
void sum_down(const float* const* middle, const std::vector<float>& weights, float* sums, std::size_t count);

/// @param sums from `sum_down`, and one finite float more. @param channels 1 or 3. @param step pixels from cell to
/// cell. @param into `cells` cells as in `Cells`.
void sum_across(const float* sums, int channels, int step, const std::vector<float>& weights, int cells, float* into);

}  // namespace nearfar::vision::resample
