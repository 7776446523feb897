#include "render/motion_track.h"

#include <algorithm>

namespace nearfar::rig {
namespace {

constexpr int kSteps = 64;

ObjectFromRig object_from_rig(const Rigid& T_rig_object, double z_ref_mm) {
  const Rigid inverse = T_rig_object.inverse();
  const Vec3 translation = inverse * Vec3{0, 0, z_ref_mm};
  ObjectFromRig result;
  for (std::size_t i = 0; i < 9; ++i) result.rotation[i] = static_cast<float>(inverse.rotation.m[i]);
  result.translation[0] = static_cast<float>(translation.x);
  result.translation[1] = static_cast<float>(translation.y);
  result.translation[2] = static_cast<float>(translation.z);
  return result;
}

}  // namespace

MotionTrack::MotionTrack(const std::function<Rigid(double)>& pose, const TimeSpan& span, bool moving, double z_ref_mm)
    : span_(span) {
  if (!moving) {
    knots_.push_back(object_from_rig(pose(span.middle_s()), z_ref_mm));
    return;
  }
  for (int i = 0; i <= kSteps; ++i)
    knots_.push_back(object_from_rig(pose(span.start_s + span.length_s() * i / kSteps), z_ref_mm));
}

ObjectFromRig MotionTrack::at(double time_s) const {
  if (!moving()) return fixed();
  const double place = std::clamp((time_s - span_.start_s) / span_.length_s(), 0.0, 1.0) * kSteps;
  const auto knot = std::min(static_cast<std::size_t>(place), static_cast<std::size_t>(kSteps - 1));
  const auto share = static_cast<float>(place - static_cast<double>(knot));
  const ObjectFromRig &before = knots_[knot], &after = knots_[knot + 1];
  ObjectFromRig result;
  for (std::size_t i = 0; i < 9; ++i)
    result.rotation[i] = before.rotation[i] + share * (after.rotation[i] - before.rotation[i]);
  for (std::size_t i = 0; i < 3; ++i)
    result.translation[i] = before.translation[i] + share * (after.translation[i] - before.translation[i]);
  return result;
}

}  // namespace nearfar::rig
