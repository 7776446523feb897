#pragma once

#include "check.h"

namespace nearfar::vision::test {

/// Where two pictures of something flat show the same.
void test_references(Suite& suite);

}  // namespace nearfar::vision::test
