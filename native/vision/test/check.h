#pragma once

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>

namespace nearfar::vision::test {

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

/// Expects `call` to throw std::invalid_argument with a message that contains `text`.
template <typename Call>
void expect_refused(const std::string& text, Call call) {
  try {
    call();
  } catch (const std::invalid_argument& error) {
    expect(std::string(error.what()).find(text) != std::string::npos, std::string("message: ") + error.what());
    return;
  }
  throw std::runtime_error("not refused: " + text);
}

}  // namespace nearfar::vision::test
