#pragma once

#include <cstddef>
#include <vector>

namespace nearfar::vision::match {

/// A field over a square image.
template <typename T>
struct Field {
  int size = 0;
  std::vector<T> values;

  Field() = default;
  explicit Field(int side, T value = T()) : size(side), values(static_cast<std::size_t>(side) * side, value) {}
  T& at(int x, int y) { return values[static_cast<std::size_t>(y) * size + x]; }
  const T& at(int x, int y) const { return values[static_cast<std::size_t>(y) * size + x]; }
  T* row(int y) { return values.data() + static_cast<std::size_t>(y) * size; }
  const T* row(int y) const { return values.data() + static_cast<std::size_t>(y) * size; }
};

using Plane = Field<float>;

/// Weighted mean of 2 × 2; weights average.
void halve(const Plane& fine, const Plane& weight, Plane& coarse, Plane& coarse_weight);

/// Gaussian blur by recursion-free box passes: three boxes of one odd width whose variance is nearest sigma².
/// Beyond the border the field counts as 0, so blur weights along to normalise.
void blur(Plane& field, double sigma_px);

/// Convolution with a true Gaussian, cut at three sigmas; beyond the border 0.
void blur_exactly(Plane& field, double sigma_px);

/// Bilinear to twice the side, pixel centres of both lying evenly about each other.
Plane doubled(const Plane& coarse, int fine_size);

}  // namespace nearfar::vision::match
