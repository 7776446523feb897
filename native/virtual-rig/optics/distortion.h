// Lens distortion on coordinates normalised by the focal length: x = X/Z, y = Y/Z before, the same on the sensor after.
#pragma once

#include <array>
#include <optional>

#include "optics/vec.h"

namespace nearfar::rig {

/// Brown's model, with terms that calibration models of five parameters do not have (zero unless honest).
struct Distortion {
  /// k1 k2 p1 p2 k3, OpenCV's order.
  std::array<double, 5> brown{};
  /// Factor of x·r⁸ and y·r⁸.
  double k4 = 0;
  /// Thin prism: (x, y) moves by r2·r² + r4·r⁴.
  Vec2 prism_r2;
  Vec2 prism_r4;

  /// @returns where the sensor sees an ideal direction.
  Vec2 distort(Vec2 ideal) const;

  /// Inverse of distort() to 1e-12.
  /// @returns nothing where the model folds over and has no inverse.
  std::optional<Vec2> undistort(Vec2 seen) const;
};

}  // namespace nearfar::rig
