#include <memory>

#include "targets/board.h"
#include "targets/sheet.h"

namespace nearfar::rig {
namespace {

constexpr SizeMm kVelvet{300, 300};
constexpr float kVelvetReflectance = 0.002f;
constexpr float kRadiusMm = 0.25f;
/// So bright that a ghost of one percent still stands out, although the emitter covers a pixel or two.
constexpr float kRadiance = 400;

class PointLightMaterial : public Material {
 public:
  void shade(const SurfacePoint& point, Surface& surface) const override {
    surface = {};
    surface.diffuse = Spectrum::constant(kVelvetReflectance);
    const float squared_radius = point.u * point.u + point.v * point.v;
    if (squared_radius <= kRadiusMm * kRadiusMm) surface.emission = Spectrum::constant(kRadiance);
  }
};

}  // namespace

Object point_light() {
  Object object;
  object.meshes = flat_sheet(kVelvet, std::make_shared<PointLightMaterial>());
  object.point_sets.push_back({"point-light", {{0, {}}}});
  return object;
}

}  // namespace nearfar::rig
