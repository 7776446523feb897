#include "board_residual.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "brown.h"
#include "rotation.h"

namespace nearfar::vision::bundle {
namespace {

template <int Columns>
using Rows = Eigen::Map<Eigen::Matrix<double, Eigen::Dynamic, Columns, Eigen::RowMajor>>;

/// √(ρ(s)/s) of Cauchy's ρ = c² log(1 + s/c²), and its derivative by s.
std::pair<double, double> cauchy_scale(double s, double c) {
  const double c2 = c * c, x = s / c2;
  if (x < 1e-4) return {1 - x / 4 + 13.0 / 96 * x * x, -0.25 / c2 * (1 - 13.0 / 12 * x)};  // the series of both
  const double rho_by_s = std::log1p(x) / x, scale = std::sqrt(rho_by_s);
  return {scale, (1 / (1 + x) - rho_by_s) / (2 * scale * s)};
}

/// Half of the distance between the outermost corners along an axis, and their middle.
std::pair<double, double> extent(const Board& board, std::size_t axis) {
  double low = INFINITY, high = -INFINITY;
  for (std::size_t i = axis; i < board.corners_mm.size(); i += 3) {
    low = std::min(low, board.corners_mm[i]);
    high = std::max(high, board.corners_mm[i]);
  }
  return {(low + high) / 2, (high - low) / 2};
}

}  // namespace

std::vector<std::array<double, 2>> warp_shares(const Board& board) {
  const std::array<std::pair<double, double>, 2> extents{extent(board, 0), extent(board, 1)};
  std::vector<std::array<double, 2>> shares(static_cast<std::size_t>(board.corner_count()));
  for (std::size_t corner = 0; corner < shares.size(); ++corner) {
    for (std::size_t axis = 0; axis < 2; ++axis) {
      const auto [middle, half] = extents[axis];
      const double place = half > 0 ? (board.corners_mm[3 * corner + axis] - middle) / half : 0;
      shares[corner][axis] = 1 - place * place;
    }
  }
  return shares;
}

BoardResidual::BoardResidual(std::vector<SeenCorner> corners, bool warped, bool shaped, std::optional<double> cauchy)
    : corners_(std::move(corners)), warped_(warped), shaped_(shaped), cauchy_(cauchy) {
  set_num_residuals(2 * static_cast<int>(corners_.size()));
  *mutable_parameter_block_sizes() = {intrinsics_count, 7, 7};
  if (warped) mutable_parameter_block_sizes()->push_back(2);
  if (shaped) mutable_parameter_block_sizes()->push_back(3);
}

bool BoardResidual::Evaluate(double const* const* parameters, double* residuals, double** jacobians) const {
  const Eigen::Matrix3d camera_turn = rotation_of(parameters[1]), view_turn = rotation_of(parameters[2]);
  const Eigen::Vector3d camera_shift = translation_of(parameters[1]), view_shift = translation_of(parameters[2]);
  const Eigen::Matrix3d turn = camera_turn * view_turn;
  const double* warp = warped_ ? parameters[3] : nullptr;
  const std::size_t shape_at = warped_ ? 4 : 3;
  const auto wanted = [&](std::size_t block) { return jacobians != nullptr && jacobians[block] != nullptr; };
  for (std::size_t i = 0; i < corners_.size(); ++i) {
    const SeenCorner& corner = corners_[i];
    const auto row = static_cast<Eigen::Index>(2 * i);
    Eigen::Vector3d on_board = corner.nominal_mm;
    if (warped_) on_board.z() += warp[0] * corner.warp_by[0] + warp[1] * corner.warp_by[1];
    if (shaped_) on_board += Eigen::Map<const Eigen::Vector3d>(parameters[shape_at]);
    const Eigen::Vector3d turned = view_turn * on_board;
    const Eigen::Vector3d turned_again = camera_turn * (turned + view_shift);
    const auto image = image_of(parameters[0], turned_again + camera_shift);
    if (!image) return false;
    Eigen::Vector2d residual = corner.weight * (image->px - corner.seen_px);
    Eigen::Matrix2d weight = corner.weight * Eigen::Matrix2d::Identity();
    if (cauchy_) {
      const auto [scale, slope] = cauchy_scale(residual.squaredNorm(), *cauchy_);
      weight = corner.weight * (scale * Eigen::Matrix2d::Identity() + 2 * slope * residual * residual.transpose());
      residual *= scale;
    }
    Eigen::Map<Eigen::Vector2d>(residuals + row) = residual;
    if (jacobians == nullptr) continue;
    const Matrix23 by_point = weight * image->by_point;
    const auto rows = num_residuals();
    if (wanted(0)) Rows<9>(jacobians[0], rows, 9).middleRows<2>(row) = weight * image->by_intrinsics;
    if (wanted(1)) {
      auto block = Rows<7>(jacobians[1], rows, 7).middleRows<2>(row);
      block << -by_point * cross_matrix(turned_again), by_point, Eigen::Vector2d::Zero();
    }
    if (wanted(2)) {
      const Matrix23 by_world = by_point * camera_turn;
      auto block = Rows<7>(jacobians[2], rows, 7).middleRows<2>(row);
      block << -by_world * cross_matrix(turned), by_world, Eigen::Vector2d::Zero();
    }
    if (warped_ && wanted(3)) {
      const Eigen::Vector2d by_z = by_point * turn.col(2);
      Rows<2>(jacobians[3], rows, 2).middleRows<2>(row) << by_z * corner.warp_by[0], by_z * corner.warp_by[1];
    }
    if (shaped_ && wanted(shape_at)) Rows<3>(jacobians[shape_at], rows, 3).middleRows<2>(row) = by_point * turn;
  }
  return true;
}

}  // namespace nearfar::vision::bundle
