#include "sensor/sensor_model.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>

#include "cameras/scene/random.h"

namespace nearfar::rig {
namespace {

/// What turns electrons into samples at one gain.
struct Conversion {
  float full_well_e;
  float samples_per_e;
  float black;
  float white;
  float read_variance;

  /// Shot and read noise as one normal number: the variance of a Poisson count is its mean, and next to
  /// the read noise its skewness at small counts does not show.
  float noisy(float share, float normal) const {
    const float electrons = full_well_e * std::max(0.0f, share);
    return electrons + std::sqrt(electrons + read_variance) * normal;
  }
  float clean(float share) const { return full_well_e * std::max(0.0f, share); }

  std::uint16_t sample(float electrons) const {
    return static_cast<std::uint16_t>(std::clamp(black + electrons * samples_per_e, 0.0f, white) + 0.5f);
  }
};

Conversion conversion_of(const SensorModel& model, double gain_db) {
  return {static_cast<float>(model.full_well_e), static_cast<float>(1 / model.gain_e_per_dn(gain_db)),
          static_cast<float>(model.black_level), static_cast<float>(model.white_level()),
          static_cast<float>(model.read_noise_e * model.read_noise_e)};
}

/// Random bits for one row, 16 at a time.
class RowBits {
 public:
  explicit RowBits(std::uint64_t seed) : random_(seed) {}
  std::uint16_t next() {
    if (left_ == 0) {
      bits_ = random_.next();
      left_ = 4;
    }
    const auto taken = static_cast<std::uint16_t>(bits_);
    bits_ >>= 16;
    --left_;
    return taken;
  }

 private:
  Random random_;
  std::uint64_t bits_ = 0;
  int left_ = 0;
};

void noisy_row(const Conversion& conversion, const NormalTable& normal, std::uint64_t seed,
               std::span<const float> signal, std::uint16_t* out) {
  RowBits bits(seed);
  for (const float share : signal) *out++ = conversion.sample(conversion.noisy(share, normal[bits.next()]));
}

std::vector<float> draw_response(double sigma, std::size_t pixels, std::uint64_t seed) {
  std::vector<float> response;
  if (sigma <= 0) return response;
  response.resize(pixels);
  Random random(seed);
  for (float& r : response) r = static_cast<float>(1 + sigma * random.gaussian());
  return response;
}

}  // namespace

double SensorModel::gain_e_per_dn(double gain_db) const {
  return full_well_e / (white_level() - black_level) / std::pow(10.0, gain_db / 20);
}

TracedSensor::TracedSensor(const SensorModel& model, int width, int height, std::uint64_t seed)
    : model_(model), width_(width), height_(height) {
  if (model.bit_depth < 8 || model.bit_depth > 16) throw std::invalid_argument("sensor: the bit depth must be 8 to 16");
  if (model.black_level < 0 || model.black_level >= model.white_level()) {
    throw std::invalid_argument("sensor: the black level must lie between 0 and the white level");
  }
  if (width <= 0 || height <= 0) throw std::invalid_argument("sensor: width and height must be positive");
  response_ = draw_response(model.response_non_uniformity, static_cast<std::size_t>(width) * height, seed);
}

std::vector<std::uint16_t> TracedSensor::read_out(const Exposed& exposed, double gain_db, bool noise,
                                                  std::uint64_t noise_seed) const {
  if (exposed.x < 0 || exposed.y < 0 || exposed.width < 0 || exposed.height < 0 ||
      exposed.x + exposed.width > width_ || exposed.y + exposed.height > height_) {
    throw std::invalid_argument("sensor: the region reaches outside the sensor");
  }
  const auto width = static_cast<std::size_t>(exposed.width), height = static_cast<std::size_t>(exposed.height);
  if (exposed.signal.size() != width * height) throw std::invalid_argument("sensor: signal and region differ in size");
  const Conversion conversion = conversion_of(model_, gain_db);
  std::vector<std::uint16_t> samples(width * height);
  std::vector<float> shares(width);
  for (std::size_t row = 0; row < height; ++row) {
    std::span<const float> signal = exposed.signal.subspan(row * width, width);
    const std::size_t y = row + static_cast<std::size_t>(exposed.y);
    if (!response_.empty()) {
      const float* response = response_.data() + y * static_cast<std::size_t>(width_) + exposed.x;
      std::transform(signal.begin(), signal.end(), response, shares.begin(), std::multiplies<>());
      signal = shares;
    }
    std::uint16_t* out = samples.data() + row * width;
    if (noise) {
      noisy_row(conversion, normal_, mix_seed({noise_seed, y}), signal, out);
    } else {
      const auto mean = [&](float share) { return conversion.sample(conversion.clean(share)); };
      std::transform(signal.begin(), signal.end(), out, mean);
    }
  }
  return samples;
}

}  // namespace nearfar::rig
