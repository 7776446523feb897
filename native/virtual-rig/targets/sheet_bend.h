// How a board sags out of its plane: cubic, quartic and a twist, so that no parabola describes it.
#pragma once

#include <cstdint>

#include "targets/definition.h"

namespace nearfar::rig {

/// Maps the paper's own coordinates into the object; lengths along u and v are kept to second order in the slope.
class SheetBend {
 public:
  /// @param bend_mm greatest distance from the plane through the centre; 0: flat.
  SheetBend(const SizeMm& sheet, double bend_mm, std::uint64_t seed);

  /// @param u, v mm on the paper from its centre.
  Vec3 position(double u, double v) const;
  /// Unit normal towards the cameras (-z).
  Vec3 normal(double u, double v) const;
  /// Greatest |second derivative|, 1/mm: what tessellation must follow.
  double greatest_curvature() const;

 private:
  double sag(double u, double v) const;
  Vec2 slope(double u, double v) const;

  bool flat_;
  SizeMm half_;
  /// Of x³, y³, x⁴, y⁴, x²y² and xy, with x and y from -1 to 1.
  double cubic_x_ = 0, cubic_y_ = 0, quartic_x_ = 0, quartic_y_ = 0, mixed_ = 0, twist_ = 0;
};

}  // namespace nearfar::rig
