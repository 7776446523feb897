// Normal noise at the price of a table look-up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace nearfar::rig {

/// Inverse of the normal distribution at the centres of 65536 equal shares: 16 random bits in, a number of
/// zero mean and unit variance out, at most 4.3 from 0.
class NormalTable {
 public:
  NormalTable();
  float operator[](std::uint16_t bits) const { return values_[bits]; }

 private:
  static constexpr std::size_t kCount = 65536;
  std::vector<float> values_;
};

}  // namespace nearfar::rig
