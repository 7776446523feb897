#pragma once

#include "check.h"

namespace nearfar::vision::test {

/// How near the corners are to the truth.
void test_accuracy(Suite& suite);

}  // namespace nearfar::vision::test
