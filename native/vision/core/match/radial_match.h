#pragma once

#include <cstddef>

#include "../cancel_flag.h"
#include "request.h"

namespace nearfar::vision::match {

/// Matches the images of a canonical pair along the radius, from both sides; src/native/radial-match.ts says what
/// comes out. The result does not depend on the number of threads.
/// @throws std::invalid_argument for sizes that do not fit together, Cancelled.
Match match_radially(const Request& request, std::size_t threads, const CancelFlag& flag);

}  // namespace nearfar::vision::match
