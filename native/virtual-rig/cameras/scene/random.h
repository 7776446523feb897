// Seeded randomness that gives the same numbers on every machine (std distributions do not).
#pragma once

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <numbers>

namespace nearfar::rig {

/// SplitMix64: one multiply-xorshift step per number; good enough for noise and for faults.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }

  /// Uniform in [0, 1).
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

  /// Zero mean, unit variance (Box-Muller; the second value is not kept, so each call takes two numbers).
  double gaussian() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
  }

 private:
  std::uint64_t state_;
};

/// One seed out of several numbers, so that streams of randomness do not depend on each other.
inline std::uint64_t mix_seed(std::initializer_list<std::uint64_t> parts) {
  std::uint64_t seed = 0x243F6A8885A308D3ULL;
  for (const std::uint64_t part : parts) seed = Random(seed ^ part).next();
  return seed;
}

}  // namespace nearfar::rig
