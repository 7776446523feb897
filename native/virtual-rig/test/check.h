// The common test harness, under the rig's names.
#pragma once

#include "../testing/suite.h"

namespace nearfar::rig::test {

using testing::expect;
using testing::expect_error;
using testing::expect_near;
using testing::Suite;

}  // namespace nearfar::rig::test
