#pragma once

#include "geometry.h"
#include "pyramid.h"

namespace nearfar::vision::match {

/// Correlation of the images' details around each pixel, other being taken to own by the surface: 1 when they are the
/// same, about 0 for noise. Slow changes of brightness do not count.
Plane likeness_of(const Level& own, const Level& other, const Mapper& mapper, const Plane& depth);

}  // namespace nearfar::vision::match
