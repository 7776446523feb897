// Poses and movement of whoever stands before the rig.
#include <array>
#include <cmath>
#include <numbers>

#include "cameras/scene/random.h"
#include "subjects/subject.h"

namespace nearfar::rig {
namespace {

constexpr double kTau = 2 * std::numbers::pi;
constexpr Vec3 kEyePlaneCentre{0, 0, 1600};
/// Where a head turns: in the neck, between the ears.
constexpr Vec3 kPivot{0, 35, 90};

/// One slow oscillation: about 3 mm and 8 mm/s along one axis at strength 1, from four parts that never repeat
/// together. Quiet standing moves most of its way below 1 Hz (posturography: Winter 1995).
class Sway {
 public:
  explicit Sway(std::uint64_t seed) {
    constexpr std::array<double, 4> kHz{0.171, 0.373, 0.659, 0.947}, kMm{0.95, 0.75, 0.6, 0.55};
    Random random(seed);
    for (std::size_t i = 0; i < parts_.size(); ++i)
      parts_[i] = {kMm[i], kTau * kHz[i] * (0.95 + 0.1 * random.uniform()), kTau * random.uniform()};
  }
  double at(double time_s) const {
    double sum = 0;
    for (const Part& part : parts_) sum += part.size * std::sin(part.radians_per_s * time_s + part.phase);
    return sum;
  }

 private:
  struct Part {
    double size, radians_per_s, phase;
  };
  std::array<Part, 4> parts_{};
};

double smooth(double from, double to, double x) {
  const double t = std::fmin(1, std::fmax(0, (x - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

Rigid sway_at(const MotionSpec& motion, double time_s) {
  const auto along = [&](std::uint64_t axis) {
    return motion.strength * Sway(mix_seed({motion.seed, axis})).at(time_s);
  };
  // Forward and back most, up and down least, as people stand; and a fifth of a degree with each millimetre.
  constexpr double kTurnPerMm = 0.2 * kRadPerDeg;
  const Vec3 turn{along(4) * kTurnPerMm, along(5) * kTurnPerMm, along(6) * 0.5 * kTurnPerMm};
  return {rotation_about(turn), {along(1), 0.5 * along(2), 1.15 * along(3)}};
}

}  // namespace

Rigid subject_pose(const SubjectSpec& spec) {
  const Mat3 turned = rotation_about({0, spec.yaw_deg * kRadPerDeg, 0}) *
                      rotation_about({spec.pitch_deg * kRadPerDeg, 0, 0}) *
                      rotation_about({0, 0, spec.roll_deg * kRadPerDeg});
  return {turned, kEyePlaneCentre + spec.offset_mm + kPivot - turned * kPivot};
}

Rigid motion_at(const MotionSpec& motion, double time_s) {
  switch (motion.kind) {
    case MotionSpec::Kind::sway:
      return sway_at(motion, time_s);
    case MotionSpec::Kind::linear:
      return {{}, motion.velocity_mm_s * time_s};
    case MotionSpec::Kind::none:
      break;
  }
  return {};
}

double blink_at(const MotionSpec& motion, double time_s) {
  if (!motion.blink) return 0;
  // One blink in every slot, in its middle half: two to six seconds from one to the next.
  constexpr double kSlotS = 4, kLongS = 0.25, kShutShare = 0.4;
  const double slot = std::floor(time_s / kSlotS);
  Random random(mix_seed({motion.seed, 0x626C696E, static_cast<std::uint64_t>(static_cast<std::int64_t>(slot))}));
  const double start = kSlotS * (slot + 0.25 + 0.5 * random.uniform());
  const double part = (time_s - start) / kLongS;
  return part < kShutShare ? smooth(0, kShutShare, part) : smooth(1, kShutShare, part);
}

}  // namespace nearfar::rig
