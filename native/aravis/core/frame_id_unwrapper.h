#pragma once

#include <cstdint>

namespace nearfar::aravis {

/// Turns a camera's frame counter into one that never wraps.
///
/// GigE Vision 1.x counts 1 … 65535, 1 …: 16 bits, and 0 is skipped. Later versions and USB3
/// Vision count in 64 bits; an id of 0 or above 65535 shows that.
class FrameIdUnwrapper {
 public:
  /// The first id is returned as it is; each later one relative to the one before, also when
  /// it is a little older (frames completed out of order).
  std::uint64_t unwrap(std::uint64_t id) {
    wide_ = wide_ || id == 0 || id > kLast16;
    if (first_ || wide_) {
      first_ = false;
      return last_ = id;
    }
    const std::int64_t place = static_cast<std::int64_t>((last_ - 1) % kLast16);
    std::int64_t step = (static_cast<std::int64_t>(id) - 1 - place) % kPeriod;
    if (step > kPeriod / 2) step -= kPeriod;
    if (step < -kPeriod / 2) step += kPeriod;
    // Nothing comes before the first id of a stream.
    if (step < 0 && last_ < static_cast<std::uint64_t>(-step) + 1) step += kPeriod;
    return last_ += static_cast<std::uint64_t>(step);
  }

 private:
  static constexpr std::uint64_t kLast16 = 65535;
  static constexpr std::int64_t kPeriod = 65535;

  bool first_ = true;
  bool wide_ = false;
  std::uint64_t last_ = 0;
};

}  // namespace nearfar::aravis
