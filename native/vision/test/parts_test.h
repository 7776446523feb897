#pragma once

#include "check.h"

namespace nearfar::vision::test {

/// What needs no picture of a board.
void test_parts(Suite& suite);

}  // namespace nearfar::vision::test
