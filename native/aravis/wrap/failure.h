#pragma once

#include <exception>

#include "../../addon/failure.h"

namespace nearfar::aravis {

using addon::capture_stack;
using addon::error_of;
using addon::Failure;

/// Its code is an ErrorCode; empty for an exception that core does not raise on purpose.
Failure failure_of(const std::exception_ptr& exception);

}  // namespace nearfar::aravis
