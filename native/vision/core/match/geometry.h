#pragma once

namespace nearfar::vision::match {

/// src/geometry/rig-residual.ts.
struct RigErrors {
  double offset_x_mm = 0;
  double offset_y_mm = 0;
  double roll_rad = 0;
  double shift_x_px = 0;
  double shift_y_px = 0;
};

/// Of a canonical pair. Pixels are those of one level of a pyramid: centres at integers, each level half as wide.
struct Geometry {
  int size = 0;
  double px_per_mm = 1;
  double epipole_x = 0;
  double epipole_y = 0;
  double near_depth_mm = 1;
  double far_depth_mm = 2;
  RigErrors errors;

  Geometry halved() const;
};

enum class Arm { near, far };

/// Where a point lies in the other image, and how that moves with the point's depth (px a mm).
struct Place {
  double x;
  double y;
  double dx;
  double dy;
};

/// Takes pixels of one arm's image, with their depth h towards the cameras, to the other arm's:
///
///     q = e + (p - e - δ(p, h)) · s(h),    s(h) = (1 - h/zn) / (1 - h/zf)
///
/// and back by p = e + δ(p, h) + (q - e) / s(h), δ taken at the p that it leads to. δ: rig-residual.ts.
class Mapper {
 public:
  Mapper(const Geometry& geometry, Arm own) : geometry_(geometry), own_(own) {}

  Place operator()(double x, double y, double depth_mm) const {
    return own_ == Arm::near ? to_far(x, y, depth_mm) : to_near(x, y, depth_mm);
  }

  /// s(h).
  double ratio(double depth_mm) const;
  /// The depth of a ratio.
  double depth_of(double ratio) const;
  const Geometry& geometry() const { return geometry_; }
  Arm own() const { return own_; }

 private:
  struct Shift {
    double x;
    double y;
    double dx;
    double dy;
  };
  Shift displacement(double x, double y, double depth_mm) const;
  Place to_far(double x, double y, double depth_mm) const;
  Place to_near(double x, double y, double depth_mm) const;

  Geometry geometry_;
  Arm own_;
};

}  // namespace nearfar::vision::match
