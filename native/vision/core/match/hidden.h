#pragma once

#include <cstdint>

#include "field.h"
#include "geometry.h"
#include "request.h"
#include "visibility.h"

namespace nearfar::vision::match {

/// One side of the pair, as far as it is known.
struct Side {
  const Surface& surface;
  const Plane& signal;
  const Plane& weight;
  DepthView& view;
};

/// Pixels of the surfaces that were measured: those that have depth, and their surroundings as far as the next outline
/// or `reach_px`, where the plate continues them.
Field<std::uint8_t> surroundings_of(const Side& side, int reach_px);

/// Sets `visible` of own's pixels that have no depth but lie on or beside surfaces that were measured: 1 where a surface
/// of the other image's comes to lie, 0 in gaps between such places that the other image does not have: what stands
/// before them there hides them. Beside outlines before an unknown background it stays open which it is.
/// @param back from the other image's pixels to own's
void look_for_hidden(Side& own, const Field<std::uint8_t>& own_surfaces, const Side& other,
                     const Field<std::uint8_t>& other_surfaces, const Mapper& back);

}  // namespace nearfar::vision::match
