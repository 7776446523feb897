#pragma once

#include <ceres/manifold.h>

namespace nearfar::vision::bundle {

/// Unit quaternion and translation, moved by a turn δ, R → exp(δ) R, and a shift. The residuals give derivatives along
/// these six directions in the first six of their seven columns (the last stays zero), so PlusJacobian only drops the
/// seventh; that saves the way through the quaternion and is as exact.
class PoseManifold : public ceres::Manifold {
 public:
  int AmbientSize() const override { return 7; }
  int TangentSize() const override { return 6; }
  bool Plus(const double* x, const double* delta, double* x_plus_delta) const override;
  bool PlusJacobian(const double* x, double* jacobian) const override;
  bool Minus(const double* y, const double* x, double* y_minus_x) const override;
  bool MinusJacobian(const double* x, double* jacobian) const override;
};

}  // namespace nearfar::vision::bundle
