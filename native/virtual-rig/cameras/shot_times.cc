#include "cameras/shot_times.h"

#include <algorithm>
#include <cstddef>

#include "render/shutter.h"

namespace nearfar::rig {
namespace {

double seconds_of(Tick ticks) { return static_cast<double>(ticks) * kNsPerTick * 1e-9; }

/// Exposure at which continuous light of 1 exposes a white well, as LightSpec has it.
constexpr double kReferenceExposureS = 0.005;

/// The middle row's: of the exposure, and of the light where the strobe is part of it.
Instant instant_of(const Scene& scene, const ExposureSpan& exposure, const std::optional<StrobePulse>& strobe) {
  const ExposureTimes times = exposure_times(scene, exposure, strobe);
  const double start_s = times.start_s + seconds_of(exposure.last_row) / 2;
  const TimeSpan row{start_s, start_s + times.length_s};
  Instant instant{row.middle_s(), times.length_s, false};
  if (!times.strobe_s) return instant;
  const TimeSpan lit{std::max(row.start_s, *times.strobe_s),
                     std::min(row.end_s, *times.strobe_s + times.strobe_length_s)};
  if (lit.length_s() <= 0) return instant;
  instant.strobe = true;
  const LightSpec& light = scene.world->light;
  const double steady = light.continuous * times.length_s / kReferenceExposureS;
  const double flash = light.strobe * lit.length_s() / times.strobe_length_s;
  if (flash > 0) instant.mid_s = (steady * row.middle_s() + flash * lit.middle_s()) / (steady + flash);
  return instant;
}

}  // namespace

ExposureTimes exposure_times(const Scene& scene, const ExposureSpan& exposure,
                             const std::optional<StrobePulse>& strobe) {
  ExposureTimes times;
  times.start_s = scene.seconds_at(exposure.start);
  times.length_s = seconds_of(exposure.length());
  if (strobe && strobe->on < exposure.end) {
    times.strobe_s = scene.seconds_at(strobe->on);
    times.strobe_length_s = seconds_of(strobe->off.value_or(exposure.end) - strobe->on);
  }
  return times;
}

ShotTimes shot_times(const TriggerTruth& trigger) {
  const auto instant = [&](Arm arm) -> std::optional<Instant> {
    const auto& frame = trigger.frames[static_cast<std::size_t>(arm)];
    if (!frame || !frame->exposure.exposed()) return std::nullopt;
    return instant_of(trigger.scene, frame->exposure, trigger.strobe);
  };
  const auto near = instant(Arm::near), far = instant(Arm::far);
  return {near.value_or(far.value_or(Instant{})), far.value_or(near.value_or(Instant{}))};
}

}  // namespace nearfar::rig
