// Implicit surface to triangles: surface nets on a grid whose spacing varies.
#pragma once

#include <functional>
#include <vector>

#include "subjects/mesh.h"

namespace nearfar::rig::head {

/// Grid lines along the three axes, ascending, mm.
struct Grid {
  std::vector<float> x, y, z;
};

/// Part of an axis with its own spacing.
struct Stretch {
  float to;
  float step;
};
/// Grid lines from `from` through the stretches; spacing changes by at most a fifth from line to line.
std::vector<float> grid_lines(float from, const std::vector<Stretch>& stretches);
/// From 0 outwards and the same on the negative side, so that both halves of a face get equal meshes.
std::vector<float> mirrored_lines(const std::vector<Stretch>& stretches);

using Distance = std::function<float(const Vec3f&)>;

/// Positions and triangles (counter-clockwise seen from outside); the surface must not leave the grid
/// unless an open edge there is wanted. `steepest` bounds how much the function overstates distances: blocks
/// whose middle lies further away are skipped.
Mesh polygonize(const Distance& distance, const Grid& grid, float steepest);

}  // namespace nearfar::rig::head
