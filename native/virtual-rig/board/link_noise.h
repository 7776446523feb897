// Faults of the serial line, byte by byte.
#pragma once

#include <cstdint>
#include <optional>
#include <random>

namespace nearfar::rig {

/// Shares of bytes, 0 to 1.
struct LinkNoise {
  double to_board_bit_flip = 0;
  double to_host_bit_flip = 0;
  double to_board_drop = 0;
  double to_host_drop = 0;
};

/// One direction of the line.
class NoisyLine {
 public:
  explicit NoisyLine(std::uint64_t seed) : random_(seed) {}

  void set(double bit_flip, double drop) {
    bit_flip_ = bit_flip;
    drop_ = drop;
  }

  /// The byte as it arrives: itself, with one bit flipped, or not at all.
  std::optional<std::uint8_t> pass(std::uint8_t byte) {
    if (happens(drop_)) return std::nullopt;
    if (happens(bit_flip_)) byte ^= static_cast<std::uint8_t>(1U << (random_() & 7U));
    return byte;
  }

 private:
  bool happens(double share) {
    return share > 0 && std::uniform_real_distribution<double>(0, 1)(random_) < share;
  }

  std::mt19937_64 random_;
  double bit_flip_ = 0;
  double drop_ = 0;
};

}  // namespace nearfar::rig
