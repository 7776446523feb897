#pragma once

#include "../cancel_flag.h"
#include "field.h"
#include "pyramid.h"
#include "smooth_solve.h"

namespace nearfar::vision::match {

/// Where equations may be trusted: 0 along outlines, strong edges that end a surface. Both pupils see the outline of
/// a round thing, but not at the same points of it, so that outlines match where surfaces do not.
/// A side whose inside does not tell its depth ends the surface, as one that lies behind does.
Plane trust_of(const PlateProblem& problem, const Plane& surface, const Level& own, const Level& own_coarse, int level,
               const CancelFlag& flag);

}  // namespace nearfar::vision::match
