#pragma once

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>

#include "../core/camera_error.h"

namespace nearfar::aravis::test {

/// Runs named tests and counts them.
class Suite {
 public:
  template <typename Test>
  void run(const char* name, Test test) {
    try {
      test();
      ++passed_;
      std::printf("ok    %s\n", name);
    } catch (const std::exception& error) {
      ++failed_;
      std::printf("FAIL  %s: %s\n", name, error.what());
    }
    std::fflush(stdout);
  }

  /// Prints the totals. @returns the exit status.
  int finish() const {
    std::printf("%d passed, %d failed\n", passed_, failed_);
    return failed_ == 0 ? 0 : 1;
  }

 private:
  int passed_ = 0;
  int failed_ = 0;
};

inline void expect(bool condition, const std::string& what) {
  if (!condition) throw std::runtime_error(what);
}

template <typename Actual, typename Expected>
void expect_equal(const Actual& actual, const Expected& expected, const std::string& what) {
  if (actual == static_cast<Actual>(expected)) return;
  throw std::runtime_error(what + ": " + std::to_string(actual) + " instead of " + std::to_string(expected));
}

/// Expects `call` to throw a CameraError of that kind whose message contains `text`.
template <typename Call>
void expect_fault(Fault fault, const std::string& text, Call call) {
  try {
    call();
  } catch (const CameraError& error) {
    expect(error.fault() == fault, std::string("wrong code: ") + code_of(error.fault()) + ", " + error.what());
    expect(std::string(error.what()).find(text) != std::string::npos, std::string("message: ") + error.what());
    return;
  }
  throw std::runtime_error(std::string("no error, expected ") + code_of(fault));
}

}  // namespace nearfar::aravis::test
