#include "prior_residual.h"

#include <Eigen/SVD>
#include <algorithm>
#include <utility>

namespace nearfar::vision::bundle {
namespace {

using Row7 = Eigen::Matrix<double, 1, 7>;

int block_size(int parameter) { return parameter < intrinsics_count ? intrinsics_count : 7; }

double value_of(int parameter, const double* block) {
  if (parameter < intrinsics_count) return block[parameter];
  return pose_of(block)[static_cast<std::size_t>(parameter - intrinsics_count)];
}

/// Along the directions of the block.
void write_gradient(int parameter, const double* block, double factor, double* gradient) {
  std::fill_n(gradient, block_size(parameter), 0);
  const int place = parameter - intrinsics_count;
  if (place < 0 || place >= 3) {
    gradient[place < 0 ? parameter : place] = factor;
    return;
  }
  const auto pose = pose_of(block);
  const Eigen::Matrix3d by_turn = vector_by_turn({pose[0], pose[1], pose[2]});
  for (int i = 0; i < 3; ++i) gradient[i] = factor * by_turn(place, i);
}

/// Entrance pupil in the world, -Rᵀ t.
Eigen::Vector3d pupil_of(const double* pose) { return -(rotation_of(pose).transpose() * translation_of(pose)); }

}  // namespace

LinearPriorResidual::LinearPriorResidual(std::vector<PriorParameter> parameters, double value, double sigma)
    : parameters_(std::move(parameters)), value_(value), sigma_(sigma) {
  set_num_residuals(1);
  for (const PriorParameter& item : parameters_) mutable_parameter_block_sizes()->push_back(block_size(item.parameter));
}

bool LinearPriorResidual::Evaluate(double const* const* blocks, double* residuals, double** jacobians) const {
  residuals[0] = -value_ / sigma_;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const auto [parameter, factor] = parameters_[i];
    residuals[0] += factor * value_of(parameter, blocks[i]) / sigma_;
    if (jacobians != nullptr && jacobians[i] != nullptr) {
      write_gradient(parameter, blocks[i], factor / sigma_, jacobians[i]);
    }
  }
  return true;
}

SquarePixelsResidual::SquarePixelsResidual(double sigma) : sigma_(sigma) {
  set_num_residuals(1);
  *mutable_parameter_block_sizes() = {intrinsics_count};
}

bool SquarePixelsResidual::Evaluate(double const* const* blocks, double* residuals, double** jacobians) const {
  const double fx = blocks[0][0], fy = blocks[0][1];
  residuals[0] = (fx / fy - 1) / sigma_;
  if (jacobians == nullptr || jacobians[0] == nullptr) return true;
  std::fill_n(jacobians[0], intrinsics_count, 0);
  jacobians[0][0] = 1 / (fy * sigma_);
  jacobians[0][1] = -fx / (fy * fy * sigma_);
  return true;
}

ShapeResidual::ShapeResidual(double sigma_mm) : sigma_mm_(sigma_mm) {
  set_num_residuals(3);
  *mutable_parameter_block_sizes() = {3};
}

bool ShapeResidual::Evaluate(double const* const* blocks, double* residuals, double** jacobians) const {
  for (int i = 0; i < 3; ++i) residuals[i] = blocks[0][i] / sigma_mm_;
  if (jacobians == nullptr || jacobians[0] == nullptr) return true;
  Eigen::Map<Eigen::Matrix3d> by_offset(jacobians[0]);
  by_offset = Eigen::Matrix3d::Identity() / sigma_mm_;
  return true;
}

RailResidual::RailResidual(int cameras, double sigma_mm) : cameras_(cameras), sigma_mm_(sigma_mm) {
  set_num_residuals(2 * cameras);
  mutable_parameter_block_sizes()->assign(static_cast<std::size_t>(cameras), 7);
}

int RailResidual::rank(int free_cameras) const { return std::max(0, 2 * std::min(free_cameras, cameras_ - 2)); }

bool RailResidual::Evaluate(double const* const* blocks, double* residuals, double** jacobians) const {
  Eigen::Matrix3Xd pupils(3, cameras_);
  for (int i = 0; i < cameras_; ++i) pupils.col(i) = pupil_of(blocks[i]);
  const Eigen::Matrix3Xd around = pupils.colwise() - pupils.rowwise().mean();
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd(around, Eigen::ComputeFullU);
  const Eigen::Matrix<double, 2, 3> across = svd.matrixU().rightCols<2>().transpose() / sigma_mm_;
  Eigen::Map<Eigen::Matrix2Xd>(residuals, 2, cameras_) = across * around;
  if (jacobians == nullptr) return true;
  const Eigen::VectorXd along = (svd.matrixU().col(0).transpose() * around).normalized();
  const Eigen::MatrixXd unexplained = Eigen::MatrixXd::Identity(cameras_, cameras_) -
                                      Eigen::MatrixXd::Constant(cameras_, cameras_, 1.0 / cameras_) -
                                      along * along.transpose();
  for (int i = 0; i < cameras_; ++i) {
    if (jacobians[i] == nullptr) continue;
    const Eigen::Matrix3d back = rotation_of(blocks[i]).transpose();
    // R → exp(δ) R moves -Rᵀ t by -Rᵀ [t]× δ.
    Eigen::Matrix<double, 2, 7> by_pose = Eigen::Matrix<double, 2, 7>::Zero();
    by_pose.leftCols<3>() = -across * back * cross_matrix(translation_of(blocks[i]));
    by_pose.middleCols<3>(3) = -across * back;
    Eigen::Map<Eigen::Matrix<double, Eigen::Dynamic, 7, Eigen::RowMajor>> jacobian(jacobians[i], 2 * cameras_, 7);
    for (int k = 0; k < cameras_; ++k) jacobian.middleRows<2>(2 * k) = unexplained(k, i) * by_pose;
  }
  return true;
}

}  // namespace nearfar::vision::bundle
