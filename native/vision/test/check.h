#pragma once

#include <stdexcept>
#include <string>

#include "../../testing/suite.h"

namespace nearfar::vision::test {

using testing::expect;
using testing::expect_equal;
using testing::Suite;

/// Expects `call` to throw std::invalid_argument with a message that contains `text`.
template <typename Call>
void expect_refused(const std::string& text, Call call) {
  testing::expect_error<std::invalid_argument>(text, call);
}

}  // namespace nearfar::vision::test
