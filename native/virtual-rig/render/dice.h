// Division of large triangles.
#pragma once

#include <vector>

#include "render/shape.h"

namespace nearfar::rig {

/// Halves every edge longer than the limit until none is left. Neighbours divide a shared edge alike, so no
/// cracks appear, and the new vertices lie on the old flat triangles, so the shape stays what it was.
/// Throws AssetError for meshes so large that more than two million triangles would come of them, or broken ones.
void dice(std::vector<ShapeVertex>& vertices, std::vector<ShapeTriangle>& triangles, float longest_edge_mm);

}  // namespace nearfar::rig
