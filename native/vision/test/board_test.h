#pragma once

#include "check.h"

namespace nearfar::vision::test {

/// What is found, and what is not.
void test_boards(Suite& suite);

}  // namespace nearfar::vision::test
