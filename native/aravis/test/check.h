#pragma once

#include <string>

#include "../../testing/suite.h"
#include "../core/camera_error.h"

namespace nearfar::aravis::test {

using testing::expect;
using testing::expect_equal;
using testing::Suite;

/// Expects `call` to throw a CameraError of that kind whose message contains `text`.
template <typename Call>
void expect_fault(Fault fault, const std::string& text, Call call) {
  testing::expect_error<CameraError>(text, [&] {
    try {
      call();
    } catch (const CameraError& error) {
      expect(error.fault() == fault, std::string("wrong code: ") + code_of(error.fault()) + ", " + error.what());
      throw;
    }
  });
}

}  // namespace nearfar::aravis::test
