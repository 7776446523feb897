// Highlights of a rough dielectric surface under the soft boxes.
#pragma once

#include <array>

#include "render/shader.h"

namespace nearfar::rig {

/// A place on a surface as a highlight needs it; unit vectors, all in the lights' frame.
struct Glossy {
  Vec3f position;
  Vec3f normal;
  Vec3f to_camera;
  /// GGX roughness: the distribution's width is its square.
  float roughness = 0.5F;
  /// Share of each box that is not hidden.
  std::array<float, 2> open{1, 1};
};

/// @returns the radiance reflected towards the camera by a surface of n = 1.45, after the analyser.
///
/// The GGX lobe is not sampled but integrated: about the mirror direction its marginal over slopes is
/// (1 + s²/α²)^-3/2, whose integral over a side of a box is algebraic; the two sides are taken as
/// independent. Exact for a mirror, free of noise for any roughness.
float highlight(const Glossy& at, const Studio& studio, const Analyser& analyser);

}  // namespace nearfar::rig
