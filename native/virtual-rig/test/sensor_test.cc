#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "sensor/sensor_model.h"
#include "test/suites.h"

namespace nearfar::rig::test {
namespace {

constexpr int kWidth = 400;
constexpr int kHeight = 250;
constexpr std::uint64_t kSensorSeed = 3;

struct Statistics {
  double mean = 0;
  double variance = 0;
};

Statistics statistics(const std::vector<std::uint16_t>& samples) {
  Statistics s;
  for (const std::uint16_t v : samples) s.mean += v;
  s.mean /= static_cast<double>(samples.size());
  for (const std::uint16_t v : samples) s.variance += (v - s.mean) * (v - s.mean);
  s.variance /= static_cast<double>(samples.size() - 1);
  return s;
}

/// Reads a frame of one signal.
std::vector<std::uint16_t> flat_frame(const TracedSensor& sensor, float share, double gain_db, std::uint64_t seed,
                                      bool noise = true) {
  const std::vector<float> signal(static_cast<std::size_t>(kWidth) * kHeight, share);
  return sensor.read_out({signal, kWidth, kHeight}, gain_db, noise, seed);
}

TracedSensor make_sensor(const SensorModel& model) { return {model, kWidth, kHeight, kSensorSeed}; }

SensorModel model_of_depth(int bit_depth) {
  SensorModel model;
  model.bit_depth = bit_depth;
  model.black_level = 64 >> std::max(0, 12 - bit_depth);
  return model;
}

void linear_within_two_per_mille() {
  const TracedSensor sensor = make_sensor({});
  const double range = sensor.model().white_level() - sensor.model().black_level;
  for (const double share : {0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9}) {
    double mean = 0;
    constexpr int kFrames = 4;
    for (int i = 0; i < kFrames; ++i) {
      mean += statistics(flat_frame(sensor, static_cast<float>(share), 0, i)).mean / kFrames;
    }
    expect_near((mean - sensor.model().black_level) / range / share, 1, 0.002, "slope at " + std::to_string(share));
  }
}

/// The photon transfer curve: the variance rises with the mean by 1 / (electrons per sample step).
void photon_transfer(int bit_depth, double gain_db) {
  const TracedSensor sensor = make_sensor(model_of_depth(bit_depth));
  // The rounding adds 1/12 at every level, so the slope between two levels is free of it.
  const double scale = std::pow(10.0, -gain_db / 20);
  double rise = 0, run = 0;
  for (int i = 0; i < 4; ++i) {
    const Statistics low = statistics(flat_frame(sensor, static_cast<float>(0.1 * scale), gain_db, 10 + i));
    const Statistics high = statistics(flat_frame(sensor, static_cast<float>(0.7 * scale), gain_db, 20 + i));
    rise += high.variance - low.variance;
    run += high.mean - low.mean;
  }
  expect_near(run / rise / sensor.model().gain_e_per_dn(gain_db), 1, 0.03,
              std::to_string(bit_depth) + " bit at " + std::to_string(gain_db) + " dB");
}

void photon_transfer_everywhere() {
  for (const int bit_depth : {8, 10, 12, 16}) {
    for (const double gain_db : {0.0, 6.0, 12.0}) photon_transfer(bit_depth, gain_db);
  }
}

void dark_frame() {
  for (const double gain_db : {0.0, 12.0}) {
    const TracedSensor sensor = make_sensor({});
    const Statistics dark = statistics(flat_frame(sensor, 0, gain_db, 5));
    expect_near(dark.mean, sensor.model().black_level, 0.05, "black level");
    const double noise_dn = std::sqrt(dark.variance - 1.0 / 12);
    expect_near(noise_dn * sensor.model().gain_e_per_dn(gain_db) / sensor.model().read_noise_e, 1, 0.05, "read noise");
  }
}

void rounds_to_the_nearest() {
  const TracedSensor sensor = make_sensor({});
  const double step = 1.0 / (sensor.model().white_level() - sensor.model().black_level);
  const auto at = [&](double steps) { return flat_frame(sensor, static_cast<float>(steps * step), 0, 1, false).front(); };
  expect(at(100.45) == 164 && at(100.55) == 165, "100.45 steps and 100.55 steps part");
}

void saturates() {
  for (const int bit_depth : {8, 10, 12, 16}) {
    const TracedSensor sensor = make_sensor(model_of_depth(bit_depth));
    const auto white = static_cast<std::uint16_t>(sensor.model().white_level());
    expect(flat_frame(sensor, 5, 0, 1) == std::vector<std::uint16_t>(kWidth * kHeight, white), "over-exposed is white");
    expect(flat_frame(sensor, 1, 0, 1, false).front() == white, "a full well is white");
  }
}

void non_uniformity_belongs_to_the_sensor() {
  SensorModel model;
  model.bit_depth = 16;
  model.response_non_uniformity = 0.01;
  const TracedSensor sensor = make_sensor(model);
  const std::vector<std::uint16_t> frame = flat_frame(sensor, 0.5f, 0, 1, false);
  const Statistics s = statistics(frame);
  expect_near(std::sqrt(s.variance) / (s.mean - model.black_level), 0.01, 0.0003, "sigma of the response");

  const std::vector<float> corner(20 * 10, 0.5f);
  const std::vector<std::uint16_t> region = sensor.read_out({corner, 20, 10, 100, 50}, 0, false, 2);
  expect(region[3 * 20 + 7] == frame[53 * kWidth + 107], "a region shows the same pixels as the whole frame");
  expect(flat_frame(TracedSensor(model, kWidth, kHeight, kSensorSeed + 1), 0.5f, 0, 1, false) != frame,
         "another sensor has another pattern");
}

void noise_follows_its_seed() {
  const TracedSensor sensor = make_sensor({});
  expect(flat_frame(sensor, 0.3f, 0, 7) == flat_frame(make_sensor({}), 0.3f, 0, 7), "same seed, same frame");
  expect(flat_frame(sensor, 0.3f, 0, 7) != flat_frame(sensor, 0.3f, 0, 8), "another seed, another frame");
}

double correlation(const std::vector<std::uint16_t>& frame, std::size_t lag) {
  const Statistics s = statistics(frame);
  double sum = 0;
  for (std::size_t i = 0; i + lag < frame.size(); ++i) sum += (frame[i] - s.mean) * (frame[i + lag] - s.mean);
  return sum / s.variance / static_cast<double>(frame.size() - lag);
}

void noise_has_no_pattern() {
  const std::vector<std::uint16_t> frame = flat_frame(make_sensor({}), 0.5f, 0, 11);
  // Five sigma of the correlation of that many independent pairs.
  const double limit = 5 / std::sqrt(static_cast<double>(frame.size()));
  for (const std::size_t lag : {1, 2, 3, 4, 8, kWidth - 1, kWidth, kWidth + 1, 2 * kWidth, 16 * kWidth}) {
    expect_near(correlation(frame, lag), 0, limit, "correlation at a lag of " + std::to_string(lag) + " pixels");
  }
}

void refuses_nonsense() {
  const TracedSensor sensor = make_sensor({});
  const std::vector<float> signal(10 * 10);
  expect_error<std::invalid_argument>("outside", [&] { sensor.read_out({signal, 10, 10, kWidth - 5, 0}, 0, true, 1); });
  expect_error<std::invalid_argument>("differ", [&] { sensor.read_out({signal, 9, 10}, 0, true, 1); });
  expect_error<std::invalid_argument>("bit depth", [] { make_sensor(model_of_depth(17)); });
}

}  // namespace

void test_sensor(Suite& suite) {
  suite.run("sensor: linear within 0.2 % from 2 to 90 % of full scale", linear_within_two_per_mille);
  suite.run("sensor: noise variance against mean gives the gain", photon_transfer_everywhere);
  suite.run("sensor: black level and read noise in the dark", dark_frame);
  suite.run("sensor: rounds to the nearest sample", rounds_to_the_nearest);
  suite.run("sensor: saturates at the white level", saturates);
  suite.run("sensor: response non-uniformity", non_uniformity_belongs_to_the_sensor);
  suite.run("sensor: noise follows its seed", noise_follows_its_seed);
  suite.run("sensor: noise repeats nowhere", noise_has_no_pattern);
  suite.run("sensor: refuses what it cannot read", refuses_nonsense);
}

}  // namespace nearfar::rig::test
