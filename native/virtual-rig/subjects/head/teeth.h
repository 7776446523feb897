// Teeth, seen when the lips part.
#pragma once

#include <vector>

#include "subjects/head/shape.h"

namespace nearfar::rig::head {

/// Upper and lower row; empty while the lips are closed.
std::vector<Mesh> teeth_meshes(const Shape& shape);

}  // namespace nearfar::rig::head
