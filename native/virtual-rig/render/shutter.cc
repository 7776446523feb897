#include "render/shutter.h"

#include <algorithm>

namespace nearfar::rig {
namespace {

/// Exposure at which light of 1 exposes a white well.
constexpr double kReferenceExposureS = 0.005;

}  // namespace

Shutter::Shutter(const SensorMount& mount, const ExposureTimes& times, const LightSpec& light, double brightness)
    : mount_(mount),
      times_(times),
      emission_(brightness * times.length_s / kReferenceExposureS),
      continuous_(light.continuous * emission_),
      strobe_(light.strobe * brightness) {}

Collected Shutter::continuous(int x, int y) const {
  const double start = start_s(x, y);
  return {continuous_, {start, start + times_.length_s}};
}

Collected Shutter::strobe(int x, int y) const {
  if (!strobe_fires()) return {};
  const double start = start_s(x, y), pulse = *times_.strobe_s;
  const TimeSpan overlap{std::max(start, pulse), std::min(start + times_.length_s, pulse + times_.strobe_length_s)};
  if (overlap.length_s() < 0 || (overlap.length_s() == 0 && times_.strobe_length_s > 0)) return {};
  const double share = times_.strobe_length_s > 0 ? overlap.length_s() / times_.strobe_length_s : 1;
  return {strobe_ * share, overlap};
}

TimeSpan Shutter::whole() const {
  const Vec2 top = mount_.upright_of_raw({0, 0}), bottom = mount_.upright_of_raw({0, mount_.raw_height_px() - 1.0});
  const double delay_us = std::max(mount_.row_delay_us(top), mount_.row_delay_us(bottom));
  return {times_.start_s, times_.start_s + 1e-6 * delay_us + times_.length_s};
}

}  // namespace nearfar::rig
