#include "board_residual.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "brown.h"
#include "projection.h"
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

}  // namespace

BoardResidual::BoardResidual(std::vector<SeenCorner> corners, bool warped, bool shaped, std::optional<double> cauchy)
    : corners_(std::move(corners)), warped_(warped), shaped_(shaped), cauchy_(cauchy) {
  set_num_residuals(2 * static_cast<int>(corners_.size()));
  *mutable_parameter_block_sizes() = {intrinsics_count, 7, 7};
  if (warped) mutable_parameter_block_sizes()->push_back(2);
  if (shaped) mutable_parameter_block_sizes()->push_back(3);
}

bool BoardResidual::Evaluate(double const* const* parameters, double* residuals, double** jacobians) const {
  const Projection projection(parameters[0], parameters[1], parameters[2]);
  const Eigen::Matrix3d turn = projection.camera_turn() * projection.view_turn();
  const std::size_t shape_at = warped_ ? 4 : 3;
  const double* warp = warped_ ? parameters[3] : nullptr;
  const double* shape = shaped_ ? parameters[shape_at] : nullptr;
  const auto wanted = [&](std::size_t block) { return jacobians != nullptr && jacobians[block] != nullptr; };
  for (std::size_t i = 0; i < corners_.size(); ++i) {
    const SeenCorner& corner = corners_[i];
    const auto row = static_cast<Eigen::Index>(2 * i);
    const auto [turned, turned_again, image] =
        projection.image_at(place_of(corner.nominal_mm, corner.warp_by, warp, shape));
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
      const Matrix23 by_world = by_point * projection.camera_turn();
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
