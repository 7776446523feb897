#include "pose_manifold.h"

#include <ceres/rotation.h>

#include <Eigen/Core>
#include <array>
#include <cmath>

namespace nearfar::vision::bundle {

bool PoseManifold::Plus(const double* x, const double* delta, double* x_plus_delta) const {
  std::array<double, 4> turn{};
  ceres::AngleAxisToQuaternion(delta, turn.data());
  ceres::QuaternionProduct(turn.data(), x, x_plus_delta);
  Eigen::Map<Eigen::Vector4d>(x_plus_delta).normalize();
  for (int i = 0; i < 3; ++i) x_plus_delta[4 + i] = x[4 + i] + delta[3 + i];
  return true;
}

bool PoseManifold::PlusJacobian(const double*, double* jacobian) const {
  Eigen::Map<Eigen::Matrix<double, 7, 6, Eigen::RowMajor>>(jacobian).setIdentity();
  return true;
}

bool PoseManifold::Minus(const double* y, const double* x, double* y_minus_x) const {
  const std::array<double, 4> back{x[0], -x[1], -x[2], -x[3]};
  std::array<double, 4> turn{};
  ceres::QuaternionProduct(y, back.data(), turn.data());
  ceres::QuaternionToAngleAxis(turn.data(), y_minus_x);
  for (int i = 0; i < 3; ++i) y_minus_x[3 + i] = y[4 + i] - x[4 + i];
  return true;
}

bool PoseManifold::MinusJacobian(const double*, double* jacobian) const {
  Eigen::Map<Eigen::Matrix<double, 6, 7, Eigen::RowMajor>>(jacobian).setIdentity();
  return true;
}

}  // namespace nearfar::vision::bundle
