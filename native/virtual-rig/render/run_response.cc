#include "render/run_response.h"

#include "render/vec3f.h"

namespace nearfar::rig {
namespace {

Analyser turned_analyser(float diattenuation, const Vec3f& axis, const ObjectFromRig& object) {
  if (diattenuation == 0) return {};
  const float* r = object.rotation;
  return {diattenuation,
          unit({r[0] * axis.x + r[1] * axis.y + r[2] * axis.z, r[3] * axis.x + r[4] * axis.y + r[5] * axis.z,
                r[6] * axis.x + r[7] * axis.y + r[8] * axis.z})};
}

}  // namespace

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
  return turned_analyser(p[0], {p[1], p[2], p[3]}, object);
}

Analyser analyser_of(const PathRay& path, const ObjectFromRig& object) {
  return turned_analyser(static_cast<float>(path.diattenuation), narrow(path.s_axis), object);
}

}  // namespace nearfar::rig
