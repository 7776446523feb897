#pragma once

#include "../cancel_flag.h"
#include "problem.h"

namespace nearfar::vision::bundle {

/// Least squares over cameras, boards and poses, as src/native/solver.ts describes it.
/// @throws std::invalid_argument for a problem that makes no sense, Undetermined, Cancelled.
Solution solve(const Problem& problem, const Options& options, const CancelFlag& flag);

}  // namespace nearfar::vision::bundle
