#pragma once

#include <cstdint>
#include <vector>

#include "../match/request.h"

namespace nearfar::vision::sparse {

/// Value and gradient, per px.
struct Sample {
  double value = 0, dx = 0, dy = 0;
};

/// One channel of an image, smoothed by a Gaussian and interpolated by a cubic spline: after the Gaussian hardly
/// anything is left near the highest frequency, where interpolation would depend on the sub-pixel place.
class SplinePlane {
 public:
  SplinePlane(const match::Image& image, int size_px, double blur_px);

  /// Whether the spline around a place is made of valid, unclipped pixels alone; false outside.
  bool is_good(double x, double y) const;
  /// Where `is_good`.
  Sample at(double x, double y) const;

 private:
  int size_px_;
  std::vector<float> coefficients_;
  std::vector<std::uint8_t> good_;
};

}  // namespace nearfar::vision::sparse
