#pragma once

#include "../cancel_flag.h"
#include "pyramid.h"
#include "smooth_solve.h"

namespace nearfar::vision::match {

/// Standard deviation of a relaxed plate's surface, mm, at half the side: the root of the diagonal of its quadratic
/// form's inverse, from samples of the posterior (perturb and solve: Papandreou & Yuille, NIPS 2010), averaged over
/// neighbours. Measurements at full density, bending of the surface at the coarser one.
Plane posterior_sigma(const PlateProblem& fine, const Plane& depth, const Level& own, const Level& own_coarse,
                      int level, const CancelFlag& flag);

}  // namespace nearfar::vision::match
