// Poses and movement of subjects.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <vector>

#include "subjects/subject.h"
#include "test/suites.h"

namespace nearfar::rig::test {
namespace {

Rigid pose_of(double yaw_deg, double pitch_deg, double roll_deg) {
  SubjectSpec spec;
  spec.yaw_deg = yaw_deg;
  spec.pitch_deg = pitch_deg;
  spec.roll_deg = roll_deg;
  return subject_pose(spec, 1600);
}

MotionSpec motion_spec(MotionSpec::Kind kind, std::uint64_t seed) {
  MotionSpec motion;
  motion.kind = kind;
  motion.seed = seed;
  return motion;
}

void sway_is_smooth_and_small() {
  const MotionSpec sway = motion_spec(MotionSpec::Kind::sway, 4);
  constexpr double kStep = 0.005;
  double furthest = 0, fastest = 0, sharpest = 0;
  for (double t = 0; t < 120; t += kStep) {
    const Vec3 before = motion_at(sway, t - kStep).translation, now = motion_at(sway, t).translation,
               next = motion_at(sway, t + kStep).translation;
    furthest = std::max(furthest, length(now));
    fastest = std::max(fastest, length(next - now) * (1 / kStep));
    sharpest = std::max(sharpest, length(next - now * 2 + before) * (1 / (kStep * kStep)));
  }
  expect(furthest > 2 && furthest < 4.5, "furthest " + std::to_string(furthest) + " mm");
  expect(fastest > 8 && fastest < 18, "fastest " + std::to_string(fastest) + " mm/s");
  expect(sharpest < 120, "acceleration " + std::to_string(sharpest) + " mm/s²");
  expect(motion_at(sway, 3.25).translation == motion_at(sway, 3.25).translation, "a pure function");
  MotionSpec other = sway;
  other.seed = 5;
  expect(length(motion_at(sway, 1).translation - motion_at(other, 1).translation) > 0.01, "seeds differ");
  other.strength = 0;
  expect(length(motion_at(other, 1).translation) == 0, "nothing at strength 0");
  expect(motion_at(other, 1).rotation * Vec3{1, 2, 3} == Vec3{1, 2, 3}, "nor a turn");
}

/// Yaw, pitch and roll of a turn Ry·Rx·Rz.
Vec3 angles_deg(const Mat3& r) {
  return Vec3{std::atan2(r.m[2], r.m[8]), std::asin(-r.m[5]), std::atan2(r.m[3], r.m[4])} * (1 / kRadPerDeg);
}

void poses_are_held_one_after_another() {
  const MotionSpec poses = motion_spec(MotionSpec::Kind::poses, 3);
  constexpr double kStep = 0.005;
  const Vec3 limits{20, 10, 6}, pivot{0, 35, 90};
  Vec3 widest, before = angles_deg(held_pose_at(poses, -20).rotation), speed_before;
  double began = 0, shortest = 1e9, longest = 0, fastest = 0, sharpest = 0;
  int holds = 0;
  bool held = false, whole = false;
  for (double t = -20 + kStep; t < 400; t += kStep) {
    const Rigid pose = held_pose_at(poses, t);
    expect(length(pose * pivot - pivot) < 1e-9, "the pivot stays");
    const Vec3 now = angles_deg(pose.rotation), speed = (now - before) * (1 / kStep);
    widest = {std::max(widest.x, std::abs(now.x)), std::max(widest.y, std::abs(now.y)),
              std::max(widest.z, std::abs(now.z))};
    fastest = std::max(fastest, length(speed));
    sharpest = std::max(sharpest, length(speed - speed_before) * (1 / kStep));
    const bool still = length(speed) < 1e-6;
    if (still && !held) {
      began = t;
    } else if (!still && held) {
      // The first hold may have begun before the first step.
      if (whole) {
        shortest = std::min(shortest, t - began);
        longest = std::max(longest, t - began);
        ++holds;
      }
      whole = true;
    }
    held = still;
    before = now;
    speed_before = speed;
  }
  expect(widest.x <= limits.x && widest.y <= limits.y && widest.z <= limits.z, "within the limits");
  expect(widest.x > 17 && widest.y > 8.5 && widest.z > 5, "which are nearly reached");
  expect(shortest > 1.48 && longest < 3.02, std::to_string(shortest) + " to " + std::to_string(longest) + " s");
  expect(holds > 140 && holds < 160, std::to_string(holds) + " holds");
  // At most 40°, 20° and 12° in 0.5 s along 3t² - 2t³: 1.5 times the mean speed, 6 times the way over time squared.
  expect(fastest < 1.5 * 46.5 / 0.5, "no jump: " + std::to_string(fastest) + " deg/s");
  expect(sharpest < 6 * 46.5 / 0.25, "no jolt: " + std::to_string(sharpest) + " deg/s²");

  MotionSpec other = poses;
  expect(held_pose_at(other, 7.5).rotation.m == held_pose_at(poses, 7.5).rotation.m, "a pure function");
  other.seed = 4;
  expect(length(angles_deg(held_pose_at(other, 7.5).rotation) - angles_deg(held_pose_at(poses, 7.5).rotation)) > 0.1,
         "seeds differ");
  other = poses;
  other.strength = 0.5;
  const Vec3 whole_turn = angles_deg(held_pose_at(poses, 7.5).rotation);
  expect(length(angles_deg(held_pose_at(other, 7.5).rotation) * 2 - whole_turn) < 1e-6, "strength scales the angles");
}

void poses_sway_and_turn_about_the_turned_pivot() {
  const MotionSpec poses = motion_spec(MotionSpec::Kind::poses, 3);
  const Rigid at_rest = pose_of(25, -5, 0);
  const Rigid moved = moved_pose(at_rest, poses, 7.5), sway = motion_at(poses, 7.5);
  const MotionSpec only_sway = motion_spec(MotionSpec::Kind::sway, 3);
  expect(motion_at(only_sway, 7.5).translation == sway.translation, "the sway of its seed");
  const Rigid held = at_rest * held_pose_at(poses, 7.5);
  expect(length(held * Vec3{0, 35, 90} - at_rest * Vec3{0, 35, 90}) < 1e-9, "the neck of a turned head stays too");
  expect(length(moved.translation - held.translation - sway.translation) < 1e-9, "with the sway on top");
  const Rigid still = moved_pose(at_rest, {}, 7.5);
  expect(still.translation == at_rest.translation && still.rotation.m == at_rest.rotation.m, "none");
}

void linear_motion_is_linear() {
  MotionSpec linear = motion_spec(MotionSpec::Kind::linear, 1);
  linear.velocity_mm_s = {200, -10, 5};
  expect(length(motion_at(linear, 0.5).translation - Vec3{100, -5, 2.5}) < 1e-9, "half a second");
  expect(length(motion_at({}, 0.5).translation) == 0, "none");
}

void blinks_come_and_go() {
  MotionSpec blinking = motion_spec(MotionSpec::Kind::none, 9);
  blinking.blink = true;
  constexpr double kStep = 0.002;
  std::vector<double> starts;
  double before = 0, longest = 0;
  for (double t = 0; t < 200; t += kStep) {
    const double closure = blink_at(blinking, t);
    expect(closure >= 0 && closure <= 1, "closure in range");
    expect(std::abs(closure - before) < 0.05, "no jump");
    if (before == 0 && closure > 0) starts.push_back(t);
    if (closure == 0 && before > 0 && !starts.empty()) longest = std::max(longest, t - starts.back());
    before = closure;
  }
  expect(starts.size() > 40 && starts.size() < 60, std::to_string(starts.size()) + " blinks in 200 s");
  for (std::size_t i = 1; i < starts.size(); ++i)
    expect(starts[i] - starts[i - 1] > 1.9 && starts[i] - starts[i - 1] < 6.1, "two to six seconds apart");
  expect_near(longest, 0.25, 0.01, "length of a blink");
  expect(blink_at(motion_spec(MotionSpec::Kind::sway, 9), 12.3) == 0, "none unless asked for");
}

void poses_turn_about_the_neck() {
  SubjectSpec aside;
  aside.offset_mm = {3, -4, 5};
  const Rigid straight = subject_pose(aside, 1600);
  expect(length(subject_pose(aside, 900) * Vec3{} - Vec3{3, -4, 905}) < 1e-9, "wherever the eye plane is");
  expect(length(straight * Vec3{} - Vec3{3, -4, 1605}) < 1e-9, "offset from the eye plane's centre");
  const Rigid turned = pose_of(30, 0, 0);
  expect(length(turned * Vec3{0, 35, 90} - Vec3{0, 35, 1690}) < 1e-9, "the pivot stays");
  expect((turned.rotation * Vec3{0, 0, -1}).x < -0.49, "positive yaw looks to the image's left");
  expect((pose_of(0, 20, 0).rotation * Vec3{0, 0, -1}).y > 0.3, "positive pitch looks down");
  expect((pose_of(0, 0, 20).rotation * Vec3{1, 0, 0}).y > 0.3, "positive roll leans clockwise");
}

}  // namespace

void test_motion(Suite& suite) {
  suite.run("subjects: sway is smooth and small", sway_is_smooth_and_small);
  suite.run("subjects: poses are held one after another", poses_are_held_one_after_another);
  suite.run("subjects: poses turn about the neck and sway", poses_sway_and_turn_about_the_turned_pivot);
  suite.run("subjects: linear motion is linear", linear_motion_is_linear);
  suite.run("subjects: blinks come and go", blinks_come_and_go);
  suite.run("subjects: poses turn about the neck", poses_turn_about_the_neck);
}

}  // namespace nearfar::rig::test
