#pragma once

#include "../cancel_flag.h"
#include "geometry.h"
#include "pyramid.h"

namespace nearfar::vision::match {

/// Depth of each pixel of one level by plane sweep and semi-global aggregation (Hirschmüller, PAMI 30(2), 2008):
/// planes of depth are uniform in the logarithm of the radius, and differences of the images count by their noise.
Plane sweep(const Level& own, const Level& other, const Mapper& mapper, double from_mm, double to_mm,
            const CancelFlag& flag);

}  // namespace nearfar::vision::match
