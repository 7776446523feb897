#pragma once

#include "check.h"

namespace nearfar::vision::test {

/// Correspondences free in both directions, on a surface whose images are computed exactly.
void test_sparse_flow(Suite& suite);

}  // namespace nearfar::vision::test
