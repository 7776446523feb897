// What the native tests of every part are written with.
#pragma once

#include <cmath>
#include <cstdio>
#include <exception>
#include <sstream>
#include <stdexcept>
#include <string>

namespace nearfar::testing {

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

inline void expect_near(double actual, double expected, double tolerance, const std::string& what) {
  if (std::abs(actual - expected) <= tolerance) return;
  std::ostringstream text;
  text.precision(10);
  text << what << ": " << actual << " instead of " << expected << " ± " << tolerance;
  throw std::runtime_error(text.str());
}

template <typename Actual, typename Expected>
void expect_equal(const Actual& actual, const Expected& expected, const std::string& what) {
  if (actual == static_cast<Actual>(expected)) return;
  throw std::runtime_error(what + ": " + std::to_string(actual) + " instead of " + std::to_string(expected));
}

/// Expects `call` to throw an Error whose message contains `text`.
template <typename Error, typename Call>
void expect_error(const std::string& text, Call call) {
  try {
    call();
  } catch (const Error& error) {
    expect(std::string(error.what()).find(text) != std::string::npos, std::string("message: ") + error.what());
    return;
  }
  throw std::runtime_error("no error, expected one with \"" + text + "\"");
}

}  // namespace nearfar::testing
