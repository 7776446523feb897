#include "rotation.h"

#include <ceres/rotation.h>

#include <cmath>

namespace nearfar::vision::bundle {

Eigen::Matrix3d rotation_of(const double* state) {
  Eigen::Matrix<double, 3, 3, Eigen::RowMajor> matrix;
  ceres::QuaternionToRotation(state, matrix.data());
  return matrix;
}

PoseState state_of(const std::array<double, 6>& pose) {
  PoseState state{0, 0, 0, 0, pose[3], pose[4], pose[5]};
  ceres::AngleAxisToQuaternion(pose.data(), state.data());
  return state;
}

std::array<double, 6> pose_of(const double* state) {
  std::array<double, 6> pose{0, 0, 0, state[4], state[5], state[6]};
  ceres::QuaternionToAngleAxis(state, pose.data());
  return pose;
}

Eigen::Matrix3d vector_by_turn(const Eigen::Vector3d& vector) {
  const double angle2 = vector.squaredNorm(), angle = std::sqrt(angle2);
  // (1 - (θ/2) cot(θ/2)) / θ², by its series where the division would lose digits.
  const double factor = angle < 1e-3 ? 1.0 / 12 + angle2 / 720 : (1 - angle / 2 / std::tan(angle / 2)) / angle2;
  const Eigen::Matrix3d cross = cross_matrix(vector);
  return Eigen::Matrix3d::Identity() - cross / 2 + factor * cross * cross;
}

}  // namespace nearfar::vision::bundle
