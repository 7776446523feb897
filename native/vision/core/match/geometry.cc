#include "geometry.h"

namespace nearfar::vision::match {

Geometry Geometry::halved() const {
  Geometry half = *this;
  half.size = size / 2;
  half.px_per_mm = px_per_mm / 2;
  half.epipole_x = (epipole_x + 0.5) / 2 - 0.5;
  half.epipole_y = (epipole_y + 0.5) / 2 - 0.5;
  half.errors.shift_x_px = errors.shift_x_px / 2;
  half.errors.shift_y_px = errors.shift_y_px / 2;
  return half;
}

double Mapper::ratio(double depth_mm) const {
  return (1 - depth_mm / geometry_.near_depth_mm) / (1 - depth_mm / geometry_.far_depth_mm);
}

double Mapper::depth_of(double ratio) const {
  return (1 - ratio) / (1 / geometry_.near_depth_mm - ratio / geometry_.far_depth_mm);
}

Mapper::Shift Mapper::displacement(double x, double y, double depth_mm) const {
  const RigErrors& errors = geometry_.errors;
  const double middle = (geometry_.size - 1) / 2.0;
  const double share = depth_mm / geometry_.near_depth_mm;
  const double parallax = geometry_.px_per_mm * share / (1 - share);
  const double slope = geometry_.px_per_mm / geometry_.near_depth_mm / ((1 - share) * (1 - share));
  return {errors.shift_x_px - errors.roll_rad * (y - middle) - parallax * errors.offset_x_mm,
          errors.shift_y_px + errors.roll_rad * (x - middle) - parallax * errors.offset_y_mm,
          -slope * errors.offset_x_mm, -slope * errors.offset_y_mm};
}

namespace {
/// ds/dh of s = (1 - h/zn) / (1 - h/zf).
double ratio_slope(const Geometry& geometry, double depth_mm) {
  const double below = 1 - depth_mm / geometry.far_depth_mm;
  return (1 / geometry.far_depth_mm - 1 / geometry.near_depth_mm) / (below * below);
}
}  // namespace

Place Mapper::to_far(double x, double y, double depth_mm) const {
  const Shift shift = displacement(x, y, depth_mm);
  const double s = ratio(depth_mm), slope = ratio_slope(geometry_, depth_mm);
  const double across = x - geometry_.epipole_x - shift.x, down = y - geometry_.epipole_y - shift.y;
  return {geometry_.epipole_x + across * s, geometry_.epipole_y + down * s, across * slope - shift.dx * s,
          down * slope - shift.dy * s};
}

Place Mapper::to_near(double x, double y, double depth_mm) const {
  const double s = ratio(depth_mm), slope = ratio_slope(geometry_, depth_mm);
  const double across = (x - geometry_.epipole_x) / s, down = (y - geometry_.epipole_y) / s;
  const double bare_x = geometry_.epipole_x + across, bare_y = geometry_.epipole_y + down;
  // δ changes by the roll alone over the distance δ: two steps leave less than roll² · δ.
  const Shift first = displacement(bare_x, bare_y, depth_mm);
  const Shift shift = displacement(bare_x + first.x, bare_y + first.y, depth_mm);
  return {bare_x + shift.x, bare_y + shift.y, -across * slope / s + shift.dx, -down * slope / s + shift.dy};
}

}  // namespace nearfar::vision::match
