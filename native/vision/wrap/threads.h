#pragma once

#include <napi.h>

#include <cstddef>

namespace nearfar::vision {

/// How many threads a pool may have: as many as asked for, at most those of the machine, which 0 asks for.
std::size_t threads_from(const Napi::Value& value);

}  // namespace nearfar::vision
