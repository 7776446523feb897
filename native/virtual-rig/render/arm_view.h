// Everything about one arm at one stop of the rail that frames share.
#pragma once

#include <memory>
#include <mutex>

#include "optics/sensor_mount.h"
#include "render/ray_table.h"
#include "render/response.h"

namespace nearfar::rig {

/// Thread-safe; immutable but for the ray table, which is built when the first frame needs it.
class ArmView {
 public:
  /// @param as_built optics with the plate not bumped, in unpolarised light: exposure was set before either.
  ArmView(std::shared_ptr<const ArmOptics> optics, const ArmOptics& as_built, const CameraSensitivity& sensitivity,
          const SensorMount& mount, double eye_plane_mm)
      : optics_(std::move(optics)), response_(as_built, sensitivity), mount_(mount), eye_plane_mm_(eye_plane_mm) {}

  const std::shared_ptr<const ArmOptics>& optics() const { return optics_; }
  const ArmResponse& response() const { return response_; }
  const SensorMount& mount() const { return mount_; }
  const RayTable& table() const {
    std::call_once(built_, [this] { table_ = std::make_unique<const RayTable>(optics_, eye_plane_mm_); });
    return *table_;
  }

 private:
  std::shared_ptr<const ArmOptics> optics_;
  ArmResponse response_;
  SensorMount mount_;
  double eye_plane_mm_;
  mutable std::once_flag built_;
  mutable std::unique_ptr<const RayTable> table_;
};

}  // namespace nearfar::rig
