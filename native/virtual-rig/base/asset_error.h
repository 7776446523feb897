// The error for files and names that the rig was asked for and does not have.
#pragma once

#include <stdexcept>

namespace nearfar::rig {

/// What was asked for does not exist or cannot be read; the text says what to do.
class AssetError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace nearfar::rig
