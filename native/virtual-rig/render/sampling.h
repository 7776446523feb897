// Where the samples of a pixel lie: Sobol's points, shifted differently in every pixel.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace nearfar::rig {

/// What a sample's five numbers are for.
enum SampleDimension { pixel_x, pixel_y, lens_u, lens_v, shutter_time, kSampleDimensions };

/// A good bijective mix of 32 bits (C. Wellons' "lowbias32").
inline std::uint32_t mixed(std::uint32_t x) {
  x ^= x >> 16;
  x *= 0x7FEB352DU;
  x ^= x >> 15;
  x *= 0x846CA68BU;
  return x ^ (x >> 16);
}

/// @returns a number in [0, 1).
inline float unit_float(std::uint32_t bits) { return static_cast<float>(bits >> 8) * 0x1.0p-24f; }

/// The first points of Sobol's sequence in five dimensions. A pixel XORs each dimension with random bits of
/// its own (a digital shift): every sample is uniform, so nothing is biased, and the set stays stratified.
class SampleSet {
 public:
  explicit SampleSet(int count) : points_(static_cast<std::size_t>(count)) {
    for (std::uint32_t i = 0; i < points_.size(); ++i)
      for (int d = 0; d < kSampleDimensions; ++d) points_[i][static_cast<std::size_t>(d)] = sobol(i, d);
  }

  int count() const { return static_cast<int>(points_.size()); }
  const std::array<std::uint32_t, kSampleDimensions>& operator[](int i) const {
    return points_[static_cast<std::size_t>(i)];
  }

 private:
  /// Direction numbers of Joe and Kuo (2008), dimensions 1 to 5: degree, coefficients, first numbers.
  struct Polynomial {
    int degree;
    std::uint32_t coefficients;
    std::array<std::uint32_t, 3> first;
  };
  static constexpr std::array<Polynomial, kSampleDimensions> kPolynomials{
      {{0, 0, {}}, {1, 0, {1}}, {2, 1, {1, 3}}, {3, 1, {1, 3, 1}}, {3, 2, {1, 1, 1}}}};

  static std::uint32_t sobol(std::uint32_t index, int dimension) {
    const Polynomial& p = kPolynomials[static_cast<std::size_t>(dimension)];
    std::array<std::uint32_t, 32> directions{};
    for (int k = 0; k < 32; ++k) {
      std::uint32_t& v = directions[static_cast<std::size_t>(k)];
      if (p.degree == 0) {
        v = 1U << (31 - k);
      } else if (k < p.degree) {
        v = p.first[static_cast<std::size_t>(k)] << (31 - k);
      } else {
        const std::uint32_t back = directions[static_cast<std::size_t>(k - p.degree)];
        v = back ^ (back >> p.degree);
        for (int j = 1; j < p.degree; ++j)
          if ((p.coefficients >> (p.degree - 1 - j)) & 1U) v ^= directions[static_cast<std::size_t>(k - j)];
      }
    }
    std::uint32_t point = 0;
    for (int k = 0; k < 32; ++k)
      if ((index >> k) & 1U) point ^= directions[static_cast<std::size_t>(k)];
    return point;
  }

  std::vector<std::array<std::uint32_t, kSampleDimensions>> points_;
};

/// Maps the unit square to the unit disc, equal areas to equal areas (Shirley and Chiu's concentric map).
inline void to_disc(float u, float v, float& x, float& y) {
  const float a = 2 * u - 1, b = 2 * v - 1;
  const bool wide = a * a > b * b;
  const float radius = wide ? a : b;
  const float ratio = (wide ? b : a) / (radius == 0 ? 1 : radius);
  // Taylor series of sine and cosine, good to 4e-7 over the ±π/4 that occur.
  const float t = ratio * 0.78539816339F, t2 = t * t;
  const float sine = t * (1 - t2 / 6 * (1 - t2 / 20 * (1 - t2 / 42)));
  const float cosine = 1 - t2 / 2 * (1 - t2 / 12 * (1 - t2 / 30 * (1 - t2 / 56)));
  x = radius * (wide ? cosine : sine);
  y = radius * (wide ? sine : cosine);
}

}  // namespace nearfar::rig
