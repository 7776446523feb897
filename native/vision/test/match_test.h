#pragma once

#include "check.h"

namespace nearfar::vision::test {

/// Of the radial match and of fusing, on surfaces that are warped exactly.
void test_radial_match(Suite& suite);

}  // namespace nearfar::vision::test
