// The object's pose during one frame, cheap to ask for every ray.
#pragma once

#include <functional>
#include <vector>

#include "optics/vec.h"
#include "render/shutter.h"

namespace nearfar::rig {

/// T_object_rig as floats, about a point near the object so that they keep their precision:
/// p_object = rotation · (p_rig - (0, 0, z_ref)) + translation.
struct ObjectFromRig {
  float rotation[9]{1, 0, 0, 0, 1, 0, 0, 0, 1};
  float translation[3]{};
};

/// Poses at even times, linear in between: over 1/64 of a frame a person's path is straight to nanometres.
class MotionTrack {
 public:
  /// @param pose T_rig_object at a time. @param moving false: the pose of the span's middle throughout.
  MotionTrack(const std::function<Rigid(double)>& pose, const TimeSpan& span, bool moving, double z_ref_mm);

  bool moving() const { return knots_.size() > 1; }
  const ObjectFromRig& fixed() const { return knots_.front(); }
  ObjectFromRig at(double time_s) const;

 private:
  TimeSpan span_;
  std::vector<ObjectFromRig> knots_;
};

}  // namespace nearfar::rig
