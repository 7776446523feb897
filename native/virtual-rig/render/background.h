// What is seen where no object is.
#pragma once

#include "render/ray_table.h"
#include "world/world.h"

namespace nearfar::rig {

/// A matte grey wall 600 mm behind the eye plane, evenly lit in every light. Behind a person it glows softly
/// about the middle (0.17 falling to 0.05), as photographers light it; behind targets it is 0.05 throughout,
/// behind the point light black. `flat` has no wall: what is seen is white everywhere.
class Background {
 public:
  explicit Background(const World& world);
  /// Radiance; 1 is that of a white in full light.
  float radiance(const SlopeRay& ray) const {
    const float x = ray.x + ray.slope_x * kBehindMm, y = ray.y + ray.slope_y * kBehindMm - kGlowY;
    return base_ + glow_ / (1 + (x * x + y * y) / (kGlowRadiusMm * kGlowRadiusMm));
  }

 private:
  static constexpr float kBehindMm = 600;
  static constexpr float kGlowRadiusMm = 220;
  static constexpr float kGlowY = -60;
  float base_ = 0;
  float glow_ = 0;
};

}  // namespace nearfar::rig
