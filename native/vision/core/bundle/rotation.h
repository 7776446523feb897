#pragma once

#include <Eigen/Core>
#include <array>

namespace nearfar::vision::bundle {

/// A pose as it is solved for: unit quaternion (w x y z), translation (mm).
using PoseState = std::array<double, 7>;

inline Eigen::Matrix3d cross_matrix(const Eigen::Vector3d& v) {
  return (Eigen::Matrix3d() << 0, -v.z(), v.y(), v.z(), 0, -v.x(), -v.y(), v.x(), 0).finished();
}

Eigen::Matrix3d rotation_of(const double* state);
inline Eigen::Vector3d translation_of(const double* state) { return {state[4], state[5], state[6]}; }

/// Rotation vector and translation to and from the state. Rotation vectors that come out are at most π long.
PoseState state_of(const std::array<double, 6>& pose);
std::array<double, 6> pose_of(const double* state);

/// How the rotation vector `vector` of R moves with δ in exp(δ) R: the inverse of the left Jacobian of SO(3).
Eigen::Matrix3d vector_by_turn(const Eigen::Vector3d& vector);

}  // namespace nearfar::vision::bundle
