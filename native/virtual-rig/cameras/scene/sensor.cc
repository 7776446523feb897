#include "cameras/scene/sensor.h"

#include <cmath>
#include <cstddef>

#include "cameras/scene/random.h"

namespace nearfar::rig {
namespace {

// A typical 1-inch global shutter sensor.
constexpr double kFullWellElectrons = 10000;
constexpr double kReadNoiseElectrons = 5;

/// Many times the widest row, so that the rows of a frame show no common pattern.
constexpr std::size_t kNoiseValues = 65537;

}  // namespace

double exposure_factor(double exposure_us, double gain_db, double brightness) {
  return exposure_us / kReferenceExposureUs * std::pow(10.0, gain_db / 20) * brightness;
}

SensorResponse::SensorResponse(const SensorSpec& sensor, double factor, double gain_db)
    : white_(static_cast<float>(sensor.white_level())), white_sample_(static_cast<std::uint16_t>(sensor.white_level())) {
  const double range = sensor.white_level() - sensor.black_level;
  const double samples_per_electron = range / kFullWellElectrons * std::pow(10.0, gain_db / 20);
  const double read_noise = kReadNoiseElectrons * samples_per_electron;
  for (std::size_t level = 0; level < entries_.size(); level++) {
    const double signal = static_cast<double>(level) / kMaxLevel * factor * range;
    const double variance = read_noise * read_noise + signal * samples_per_electron;
    // 0.5 makes the cut to an integer a rounding.
    entries_[level] = {static_cast<float>(sensor.black_level + signal + 0.5), static_cast<float>(std::sqrt(variance))};
  }
}

NoiseTable::NoiseTable(std::uint64_t seed) : values_(kNoiseValues) {
  Random random(seed);
  for (float& value : values_) value = static_cast<float>(random.gaussian());
}

const float* NoiseTable::row(std::uint64_t key, int count) const {
  const std::size_t places = values_.size() - static_cast<std::size_t>(count);
  return values_.data() + static_cast<std::size_t>(Random(key).next() % places);
}

}  // namespace nearfar::rig
