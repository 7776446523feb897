// Poses and movement of whoever stands before the rig.
#include <array>
#include <cmath>
#include <numbers>

#include "cameras/scene/random.h"
#include "subjects/subject.h"

namespace nearfar::rig {
namespace {

constexpr double kTau = 2 * std::numbers::pi;
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

struct HeadAngles {
  double yaw_deg = 0;
  double pitch_deg = 0;
  double roll_deg = 0;
};

/// Turns the head about its pivot, which stays.
Rigid turned_head(const HeadAngles& angles) {
  const Mat3 turn = rotation_about({0, angles.yaw_deg * kRadPerDeg, 0}) *
                    rotation_about({angles.pitch_deg * kRadPerDeg, 0, 0}) *
                    rotation_about({0, 0, angles.roll_deg * kRadPerDeg});
  return {turn, kPivot - turn * kPivot};
}

/// One pose after another: in every slot of time one turn begins, in the slot's first 0.75 s, so that poses are held
/// for 1.5 to 3 s.
class HeldPoses {
 public:
  explicit HeldPoses(std::uint64_t seed) : seed_(seed) {}

  HeadAngles at(double time_s) const {
    const auto slot = static_cast<std::int64_t>(std::floor(time_s / kSlotS));
    const double turned = smooth(0, kTurnS, time_s - turn_start_s(slot));
    const HeadAngles from = pose(slot - 1), to = pose(slot);
    const auto mix = [&](double a, double b) { return a + turned * (b - a); };
    return {mix(from.yaw_deg, to.yaw_deg), mix(from.pitch_deg, to.pitch_deg), mix(from.roll_deg, to.roll_deg)};
  }

 private:
  static constexpr double kTurnS = 0.5, kShortestHoldS = 1.5, kLongestHoldS = 3;
  static constexpr double kSlotS = kTurnS + (kShortestHoldS + kLongestHoldS) / 2;
  static constexpr double kSpreadS = (kLongestHoldS - kShortestHoldS) / 2;

  Random random_of(std::int64_t slot, std::uint64_t purpose) const {
    return Random(mix_seed({seed_, purpose, static_cast<std::uint64_t>(slot)}));
  }
  double turn_start_s(std::int64_t slot) const {
    return kSlotS * static_cast<double>(slot) + kSpreadS * random_of(slot, 0x7475726E).uniform();
  }
  /// Held from the turn of its slot to that of the next.
  HeadAngles pose(std::int64_t slot) const {
    Random random = random_of(slot, 0x706F7365);
    const auto within = [&](double limit) { return limit * (2 * random.uniform() - 1); };
    const double yaw = within(20), pitch = within(10), roll = within(6);
    return {yaw, pitch, roll};
  }

  std::uint64_t seed_;
};

}  // namespace

Rigid subject_pose(const SubjectSpec& spec, double eye_plane_mm) {
  const Rigid turned = turned_head({spec.yaw_deg, spec.pitch_deg, spec.roll_deg});
  return {turned.rotation, Vec3{0, 0, eye_plane_mm} + spec.offset_mm + turned.translation};
}

Rigid motion_at(const MotionSpec& motion, double time_s) {
  switch (motion.kind) {
    case MotionSpec::Kind::sway:
    case MotionSpec::Kind::poses:
      return sway_at(motion, time_s);
    case MotionSpec::Kind::linear:
      return {{}, motion.velocity_mm_s * time_s};
    case MotionSpec::Kind::none:
      break;
  }
  return {};
}

Rigid held_pose_at(const MotionSpec& motion, double time_s) {
  if (motion.kind != MotionSpec::Kind::poses) return {};
  const HeadAngles held = HeldPoses(motion.seed).at(time_s);
  const double strength = motion.strength;
  return turned_head({strength * held.yaw_deg, strength * held.pitch_deg, strength * held.roll_deg});
}

Rigid moved_pose(const Rigid& at_rest, const MotionSpec& motion, double time_s) {
  const Rigid moved = motion_at(motion, time_s), held = at_rest * held_pose_at(motion, time_s);
  return {moved.rotation * held.rotation, held.translation + moved.translation};
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
