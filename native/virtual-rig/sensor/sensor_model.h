// A linear sensor in electrons: full well, gain, black level, shot and read noise, response non-uniformity.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sensor/normal_table.h"

namespace nearfar::rig {

struct SensorModel {
  int bit_depth = 12;
  int black_level = 64;
  /// Electrons that fill the range from black to white level at 0 dB.
  double full_well_e = 15000;
  double read_noise_e = 4;
  /// Standard deviation of the pixels' gains; 0 outside honest mode.
  double response_non_uniformity = 0;

  int white_level() const { return (1 << bit_depth) - 1; }
  /// Electrons per sample step.
  double gain_e_per_dn(double gain_db) const;
};

/// One exposure of the whole sensor or of a region of it.
struct Exposed {
  /// Mean signal as a share of full well, row-major as the raw frame.
  std::span<const float> signal;
  int width = 0;
  int height = 0;
  /// Of the region's first pixel on the sensor: the non-uniformity belongs to the sensor, not to the frame.
  int x = 0;
  int y = 0;
};

/// Immutable and thread-safe.
class TracedSensor {
 public:
  /// @param seed of the non-uniformity: one sensor keeps its own.
  /// Throws std::invalid_argument for a bit depth outside 8 to 16 or a black level outside the range.
  TracedSensor(const SensorModel& model, int width, int height, std::uint64_t seed);

  /// Rounds to whole samples, 0 to the white level. Shot noise is normal with the variance of a Poisson count.
  /// @param noise false gives the mean, rounded.
  /// Throws std::invalid_argument for a region outside the sensor.
  std::vector<std::uint16_t> read_out(const Exposed& exposed, double gain_db, bool noise,
                                      std::uint64_t noise_seed) const;

  const SensorModel& model() const { return model_; }

 private:
  SensorModel model_;
  int width_;
  int height_;
  /// Empty when every pixel has gain 1.
  std::vector<float> response_;
  NormalTable normal_;
};

}  // namespace nearfar::rig
