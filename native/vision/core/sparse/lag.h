#pragma once

#include <array>
#include <cstddef>

namespace nearfar::vision::sparse {

/// Distances between two pixels of a window up to which their noise can be alike: the Gaussian of the planes and what
/// demosaicing and resampling did before it.
constexpr int greatest_lag_px = 6;

/// Of each pair of opposite distances one, the zero first: those below and those to the right.
constexpr std::size_t lag_count = greatest_lag_px * (2 * greatest_lag_px + 1) + greatest_lag_px + 1;

struct Lag {
  int x, y;
};

constexpr std::array<Lag, lag_count> lags = [] {
  std::array<Lag, lag_count> result{};
  std::size_t i = 0;
  for (int x = 0; x <= greatest_lag_px; ++x) result[i++] = {x, 0};
  for (int y = 1; y <= greatest_lag_px; ++y) {
    for (int x = -greatest_lag_px; x <= greatest_lag_px; ++x) result[i++] = {x, y};
  }
  return result;
}();

}  // namespace nearfar::vision::sparse
