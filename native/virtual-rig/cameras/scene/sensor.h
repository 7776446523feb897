// A linear sensor with a black level, shot noise, read noise and saturation.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "cameras/scene/image_level.h"

namespace nearfar::rig {

struct SensorSpec {
  int width = 1280;
  int height = 1024;
  /// 8 to 16; the white level is 2^bit_depth - 1.
  int bit_depth = 12;
  /// Mean sample value in the dark.
  int black_level = 64;

  int white_level() const { return (1 << bit_depth) - 1; }
};

/// Exposure at which a level of full scale fills the sensor, at 0 dB and brightness 1.
inline constexpr double kReferenceExposureUs = 5000;

/// Share of full scale that a scene level of 1 gives: exposure × gain × brightness.
double exposure_factor(double exposure_us, double gain_db, double brightness);

/// Mean and standard deviation of the sample value for every scene level, at one exposure.
class SensorResponse {
 public:
  SensorResponse(const SensorSpec& sensor, double factor, double gain_db);

  /// @param noise a number with zero mean and unit variance. @returns 0 to the white level.
  std::uint16_t sample(std::uint16_t level, float noise) const {
    const Entry& entry = entries_[level];
    const float value = entry.mean + entry.sigma * noise;
    if (value <= 0) return 0;
    return value >= white_ ? white_sample_ : static_cast<std::uint16_t>(value);
  }

 private:
  struct Entry {
    float mean;
    float sigma;
  };
  std::array<Entry, kMaxLevel + 1> entries_;
  float white_;
  std::uint16_t white_sample_;
};

/// Normal noise drawn once; frames read it from changing places, which costs next to nothing.
class NoiseTable {
 public:
  explicit NoiseTable(std::uint64_t seed);

  /// @returns `count` values starting at a place chosen by `key`.
  const float* row(std::uint64_t key, int count) const;

 private:
  std::vector<float> values_;
};

}  // namespace nearfar::rig
