#pragma once

#include <cstddef>
#include <functional>

#include "cancel_flag.h"

namespace nearfar::vision {

/// Calls `step` once for each index below `count`, on `threads` threads at most, the caller's among them, and returns
/// when all are done. Indices are handed out in order, so which thread gets which depends on timing: a step must write
/// nothing but what belongs to its index. Looks at the flag before each step.
/// @throws Cancelled, or what the step with the lowest index among those that failed threw; the others are not begun.
void for_each_index(std::size_t threads, std::size_t count, const CancelFlag& flag,
                    const std::function<void(std::size_t)>& step);

}  // namespace nearfar::vision
