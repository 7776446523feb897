#pragma once

#include <stdexcept>

namespace nearfar::vision {

/// A file is cut short, damaged or of a kind that cannot be read.
class FileDamaged : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The system does not let a file be read.
class FileUnreadable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace nearfar::vision
