#pragma once

#include "check.h"

namespace nearfar::aravis::test {

/// Camera against a simulated GigE Vision camera, over real sockets.
void test_camera(Suite& suite);

}  // namespace nearfar::aravis::test
