#pragma once

#include "check.h"

namespace nearfar::vision::test {

void test_resampling(Suite& suite);
void test_raw_files(Suite& suite);

}  // namespace nearfar::vision::test
