#include "render/run_response.h"

#include "render/vec3f.h"

namespace nearfar::rig {

SpectrumRow::SpectrumRow(const Quadratic<Spectrum>& coefficients, const Tile& tile, int y)
    : centre_x_(tile.centre_x), scale_x_(tile.scale_x) {
  const float v = (static_cast<float>(y) - tile.centre_y) * tile.scale_y;
  for (std::size_t j = 0; j < 3; ++j)
    along_[j] = coefficients[0][j] + (coefficients[1][j] + coefficients[2][j] * v) * v;
}

Spectrum SpectrumRow::at(int x) const {
  const float u = (static_cast<float>(x) - centre_x_) * scale_x_;
  return along_[0] + (along_[1] + along_[2] * u) * u;
}

Analyser analyser_at(const TilePaths& paths, const Tile& tile, int x, int y, const ObjectFromRig& object) {
  const float u = (static_cast<float>(x) - tile.centre_x) * tile.scale_x;
  const float v = (static_cast<float>(y) - tile.centre_y) * tile.scale_y;
  std::array<float, 4> p;
  for (std::size_t q = 0; q < 4; ++q) {
    const Bilinear& c = paths.polarisation[q];
    p[q] = c[0] + u * c[1] + v * (c[2] + u * c[3]);
  }
  const float* r = object.rotation;
  return {p[0], unit({r[0] * p[1] + r[1] * p[2] + r[2] * p[3], r[3] * p[1] + r[4] * p[2] + r[5] * p[3],
                      r[6] * p[1] + r[7] * p[2] + r[8] * p[3]})};
}

}  // namespace nearfar::rig
