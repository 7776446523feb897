#include "optics/sensor_mount.h"

#include <stdexcept>
#include <string>

namespace nearfar::rig {

SensorMount::SensorMount(const CameraOptics& camera, int width_px, int height_px)
    : rotation_deg_(camera.mount_rotation_deg),
      mirrored_(camera.mirrored),
      row_time_us_(camera.row_time_us),
      curtain_up_(camera.curtain_up) {
  if (rotation_deg_ != 0 && rotation_deg_ != 90 && rotation_deg_ != 180 && rotation_deg_ != 270)
    throw std::invalid_argument("mountRotationDeg is " + std::to_string(rotation_deg_) + ", not 0, 90, 180 or 270");
  const bool across = rotation_deg_ == 90 || rotation_deg_ == 270;
  raw_width_px_ = across ? height_px : width_px;
  raw_height_px_ = across ? width_px : height_px;
}

RawPixel SensorMount::raw_of_upright(Vec2 pixel) const {
  const double right = raw_width_px_ - 1, bottom = raw_height_px_ - 1;
  RawPixel raw{pixel.x, pixel.y};
  if (rotation_deg_ == 90) raw = {pixel.y, bottom - pixel.x};
  if (rotation_deg_ == 180) raw = {right - pixel.x, bottom - pixel.y};
  if (rotation_deg_ == 270) raw = {right - pixel.y, pixel.x};
  if (mirrored_) raw.x = right - raw.x;
  return raw;
}

Vec2 SensorMount::upright_of_raw(RawPixel raw) const {
  const double right = raw_width_px_ - 1, bottom = raw_height_px_ - 1;
  const double x = mirrored_ ? right - raw.x : raw.x, y = raw.y;
  if (rotation_deg_ == 90) return {bottom - y, x};
  if (rotation_deg_ == 180) return {right - x, bottom - y};
  if (rotation_deg_ == 270) return {y, right - x};
  return {x, y};
}

double SensorMount::row_delay_us(Vec2 pixel) const {
  const double row = raw_of_upright(pixel).y;
  return row_time_us_ * (curtain_up_ ? raw_height_px_ - 1 - row : row);
}

}  // namespace nearfar::rig
