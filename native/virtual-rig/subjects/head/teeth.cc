#include "subjects/head/teeth.h"

#include "spectra/spectra.h"
#include "subjects/head/loft.h"

namespace nearfar::rig::head {
namespace {

class Enamel : public Material {
 public:
  Enamel() : gum_(skin_reflectance(0.02, 0.15)) {
    for (std::size_t i = 0; i < kBandCount; ++i)
      enamel_.v[i] = 0.42f + 0.2f * smooth_step(400, 560, static_cast<float>(band_nm(i)));
  }
  /// u is the arc length from the midline in teeth; v goes from 0 at the edge to 1 in the gum.
  void shade(const SurfacePoint& point, Surface& surface) const override {
    surface.emission = {};
    surface.specular = 0.8f;
    surface.roughness = 0.2f;
    const float u = std::abs(point.u);
    const float within = u - std::floor(u);
    const float gap = 1 - 0.45f * smooth_step(0.1f, 0.0f, std::min(within, 1 - within));
    const float gum = smooth_step(0.72f, 0.8f, point.v + 0.1f * std::cos(6.2832f * (within - 0.5f)));
    const float back = 1 - 0.12f * std::min(u, 5.0f);
    surface.diffuse = (enamel_ * (1 - gum) + gum_ * (gum * 0.7f)) * (gap * back);
  }

 private:
  Spectrum enamel_, gum_;
};

Mesh row(const Shape& shape, bool upper) {
  constexpr int kAcross = 48, kUp = 5;
  constexpr float kToothWidth = 7.2f;
  const Loft loft(shape.traits());
  const Action& action = shape.action();
  const float drop = upper ? 0 : action.jaw_drop;
  const float edge = kMouthHeight + (upper ? 3.0f : 4.6f + drop), gum = edge + (upper ? -13.0f : 8.0f);
  const float front = loft.front(kMouthHeight) + (upper ? 2.5f : 7.5f + 0.25f * drop);
  Mesh mesh;
  for (int j = 0; j <= kUp; ++j)
    for (int i = 0; i <= kAcross; ++i) {
      const float s = 2 * static_cast<float>(i) / kAcross - 1, v = static_cast<float>(j) / kUp;
      const float x = (upper ? 27.0f : 24.0f) * s;
      const Vec3f p{x, mix(edge, gum, v), front + 0.03f * x * x};
      mesh.positions.push_back(shape.proportions().to_own(p));
      mesh.normals.push_back(normalized({0.06f * x, 0, -1}));
      mesh.uvs.push_back({x * (1 + 0.0004f * x * x) / (upper ? kToothWidth : 5.6f), v});
    }
  for (std::uint32_t j = 0; j < kUp; ++j)
    for (std::uint32_t i = 0; i < kAcross; ++i) {
      const std::uint32_t a = j * (kAcross + 1) + i, b = a + 1, c = a + kAcross + 1, d = c + 1;
      if (upper) {
        mesh.triangles.push_back({a, c, b});
        mesh.triangles.push_back({b, c, d});
      } else {
        mesh.triangles.push_back({a, b, c});
        mesh.triangles.push_back({b, d, c});
      }
    }
  return mesh;
}

}  // namespace

std::vector<Mesh> teeth_meshes(const Shape& shape) {
  if (shape.action().lips_apart < 1) return {};
  std::vector<Mesh> meshes{row(shape, true), row(shape, false)};
  const auto material = std::make_shared<Enamel>();
  for (Mesh& mesh : meshes) mesh.material = material;
  return meshes;
}

}  // namespace nearfar::rig::head
