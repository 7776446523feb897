#pragma once

#include "check.h"

namespace nearfar::vision::test {

/// Charts in every orientation, mirrored, slanted, and pictures without one.
void test_charts(Suite& suite);

}  // namespace nearfar::vision::test
