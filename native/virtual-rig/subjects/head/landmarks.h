// The iBUG 68 points on the skin.
#pragma once

#include "subjects/head/shape.h"

namespace nearfar::rig::head {

/// 0-16 jaw from image left to right, 17-26 brows, 27-35 nose, 36-47 eyes, 48-67 lips.
PointSet landmarks68(const Shape& shape);

}  // namespace nearfar::rig::head
