#pragma once

#include <cstddef>

#include "../cancel_flag.h"
#include "request.h"

namespace nearfar::vision::resample {

/// The frame as the camera gave it to a canonical image, in one pass, part by part. The result does not depend on the
/// number of threads.
/// @throws std::invalid_argument, FileDamaged, FileUnreadable, Cancelled.
Result resample(const Request& request, std::size_t threads, const CancelFlag& flag);

}  // namespace nearfar::vision::resample
