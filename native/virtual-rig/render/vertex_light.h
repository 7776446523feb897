// Light that reaches an object's surface, kept by vertex: soft shadows without noise, and no shadow rays in a frame.
#pragma once

#include <array>
#include <vector>

#include "optics/vec.h"
#include "render/shape.h"
#include "render/studio.h"

namespace nearfar::rig {

struct VertexLight {
  /// Diffuse irradiance from everything; 1 gives a white the radiance 1.
  float irradiance = 0;
  /// Share of each soft box that is not hidden.
  std::array<float, 2> open{};
};

/// For a diffuse surface the light does not depend on where it is seen from, so it is traced once (stratified
/// shadow rays to each box, 16 of each, and 16 over the hemisphere to 150 mm for the surround) and smoothed over the
/// vertex's neighbours, which also stands for the light that skin spreads by a millimetre or two.
/// @param studio and cameras (centres of perspective) in the object's frame; vertices that none of the
/// cameras can see stay dark.
std::vector<VertexLight> light_vertices(const Shape& shape, const Studio& studio, const std::vector<Vec3>& cameras);

}  // namespace nearfar::rig
