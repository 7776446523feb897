#pragma once

#include "request.h"

namespace nearfar::vision::resample {

struct Place {
  double x = 0;
  double y = 0;
};

/// ∂x/∂u, ∂x/∂v, ∂y/∂u, ∂y/∂v.
struct Jacobian {
  double xu = 0;
  double xv = 0;
  double yu = 0;
  double yv = 0;
};

/// From canonical pixel to pixel of the stored frame: projective turn, lens and mount in one.
class FrameMap {
 public:
  /// @throws std::invalid_argument for a map that shows the middle of the canonical image nothing.
  explicit FrameMap(const Request& request);

  /// Pixel of the upright, un-mirrored frame; NaN where the map shows nothing.
  Place upright(double u, double v) const;
  /// The same for `count` pixels side by side, the first at `u`.
  void upright_row(int u, int v, int count, double* x, double* y) const;
  Place stored(Place upright) const {
    return {stored_x_[0] * upright.x + stored_x_[1] * upright.y + stored_x_[2],
            stored_y_[0] * upright.x + stored_y_[1] * upright.y + stored_y_[2]};
  }
  /// Of `stored(upright(u, v))`; NaN where the map shows nothing.
  Jacobian jacobian(double u, double v) const;

  int upright_width_px() const { return upright_width_px_; }
  int upright_height_px() const { return upright_height_px_; }

 private:
  template <bool lens>
  Place place(double u, double v) const;
  template <bool lens>
  void place_row(int u, int v, int count, double* x, double* y) const;

  std::array<double, 9> projective_;
  /// Null for a homography.
  bool has_lens_ = false;
  std::array<double, 9> intrinsics_{};
  /// Beyond this radius (of x/z, y/z), squared, the distortion folds the image back.
  double greatest_radius_squared_ = 0;
  std::array<double, 3> stored_x_{};
  std::array<double, 3> stored_y_{};
  int upright_width_px_ = 0;
  int upright_height_px_ = 0;
};

}  // namespace nearfar::vision::resample
