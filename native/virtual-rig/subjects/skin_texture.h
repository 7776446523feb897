// The fine relief of color that every skin has: pores, mottling and a few tiny moles, bound to the skin.
#pragma once

#include <cstdint>

#include "subjects/mesh.h"

namespace nearfar::rig {

/// Multiplies the skin's reflectance. Isotropic: octaves of noise from 0.4 to 4 mm of about equal strength, in the
/// three dimensions of the rest shape, so that it neither stretches on the sides nor slides when the face moves.
/// Immutable and thread-safe.
class SkinTexture {
 public:
  /// @param contrast rms of the reflectance over its mean as a camera with 3.4 px/mm resolves it, 0 to 0.3.
  /// @param seed skin of different people differs.
  SkinTexture(double contrast, std::uint64_t seed);

  /// @param rest SurfacePoint::rest. @returns the factor: 1 in the mean, from 0.25 to 1.6 at the highest contrast.
  float at(const Vec3f& rest) const;

 private:
  float mole(const Vec3f& p) const;

  float contrast_;
  Vec3f shift_;
};

}  // namespace nearfar::rig
