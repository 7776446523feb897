#pragma once

#include <exception>

#include "../../addon/failure.h"

namespace nearfar::vision {

using addon::capture_stack;
using addon::error_of;
using addon::Failure;

/// Its code is USAGE, CLOSED, CANCELLED, CALIBRATION_FAILED, FILE_CORRUPT or STORE_IO; empty for what core does not raise on purpose.
Failure failure_of(const std::exception_ptr& exception);

}  // namespace nearfar::vision
