// What each pixel of a run makes of the radiance that it sees.
#pragma once

#include <array>

#include "render/ray_row.h"
#include "render/ray_table.h"
#include "render/response.h"
#include "render/shader.h"

namespace nearfar::rig {

/// Sixteen products with four running sums, which the compiler turns into vector code.
inline float band_sum(const Spectrum& a, const Spectrum& b) {
  float sums[4]{};
  for (std::size_t i = 0; i < kBandCount; i += 4)
    for (std::size_t j = 0; j < 4; ++j) sums[j] += a.v[i + j] * b.v[i + j];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

inline float band_sum(const Spectrum& a) {
  float sums[4]{};
  for (std::size_t i = 0; i < kBandCount; i += 4)
    for (std::size_t j = 0; j < 4; ++j) sums[j] += a.v[i + j];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

/// Signal of one channel of one pixel by band: of surfaces in the light, and of those that shine.
struct ChannelResponse {
  Spectrum light;
  Spectrum emission;
  float light_sum = 0;

  float of(const Seen& seen) const {
    return seen.irradiance * band_sum(seen.surface.diffuse, light) + seen.highlight * light_sum +
           band_sum(seen.surface.emission, emission);
  }
};

/// Polynomials of a tile along one row of pixels.
class SpectrumRow {
 public:
  SpectrumRow(const Quadratic<Spectrum>& coefficients, const Tile& tile, int y);
  Spectrum at(int x) const;

 private:
  std::array<Spectrum, 3> along_;
  float centre_x_;
  float scale_x_;
};

/// How the plate analyses the light of each pixel of a run, in the object's frame.
Analyser analyser_at(const TilePaths& paths, const Tile& tile, int x, int y, const ObjectFromRig& object);
/// The same of one path.
Analyser analyser_of(const PathRay& path, const ObjectFromRig& object);

}  // namespace nearfar::rig
