#pragma once

#include "check.h"

namespace nearfar::aravis::test {

/// What needs no camera.
void test_parts(Suite& suite);

}  // namespace nearfar::aravis::test
