// Eyeballs and lashes.
#pragma once

#include <vector>

#include "subjects/head/shape.h"

namespace nearfar::rig::head {

/// Both eyeballs and both pairs of lashes; the eyes look at a point 800 mm before the face.
std::vector<Mesh> eye_meshes(const Shape& shape);

}  // namespace nearfar::rig::head
