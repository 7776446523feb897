#pragma once

#include "geometry.h"
#include "field.h"
#include "request.h"

namespace nearfar::vision::match {

/// What was found from one side, before both sides are compared; full size.
struct Surface {
  Plane depth_mm;
  Plane sigma_mm;
  Plane trust;     ///< 0 along outlines
  Plane likeness;  ///< of the images around, -1 … 1
};

/// Where depth is known well enough.
Field<std::uint8_t> known_of(const Surface& surface, const Plane& weight, const Mapper& mapper, double from_mm,
                             double to_mm);

/// Keeps what both sides know and agree on.
DepthView agreed(const Surface& own, const Surface& other, const Field<std::uint8_t>& own_known,
                 const Field<std::uint8_t>& other_known, const Mapper& mapper);

}  // namespace nearfar::vision::match
