// How a sensor sits in its camera: pixels of the raw frame and of the upright, un-mirrored image.
#pragma once

#include "optics/rig_optics.h"
#include "optics/vec.h"

namespace nearfar::rig {

/// A place on the raw frame, px: pixel centres at integers, (0, 0) is the first pixel that the sensor reads out.
struct RawPixel {
  double x = 0;
  double y = 0;
  friend bool operator==(const RawPixel&, const RawPixel&) = default;
};

/// The same map as src/imaging/orientation.ts: un-mirroring (left-right) comes first, then the clockwise turn.
class SensorMount {
 public:
  /// @param width_px, height_px of the upright image.
  /// Throws std::invalid_argument unless the mount turns by 0, 90, 180 or 270 degrees.
  SensorMount(const CameraOptics& camera, int width_px, int height_px);

  RawPixel raw_of_upright(Vec2 pixel) const;
  Vec2 upright_of_raw(RawPixel raw) const;

  /// How much later than the frame's first row the row of an upright pixel starts to expose, µs.
  double row_delay_us(Vec2 pixel) const;

  int raw_width_px() const { return raw_width_px_; }
  int raw_height_px() const { return raw_height_px_; }

 private:
  int rotation_deg_;
  bool mirrored_;
  double row_time_us_;
  bool curtain_up_;
  int raw_width_px_;
  int raw_height_px_;
};

}  // namespace nearfar::rig
