#include "projection.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "rotation.h"

namespace nearfar::vision::bundle {
namespace {

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

Eigen::Vector3d place_of(const Eigen::Vector3d& nominal_mm, const std::array<double, 2>& warp_by, const double* warp,
                         const double* shape) {
  Eigen::Vector3d place = nominal_mm;
  if (warp != nullptr) place.z() += warp[0] * warp_by[0] + warp[1] * warp_by[1];
  if (shape != nullptr) place += Eigen::Map<const Eigen::Vector3d>(shape);
  return place;
}

Projection::Projection(const double* intrinsics, const double* camera_pose, const double* view_pose)
    : intrinsics_(intrinsics),
      camera_turn_(rotation_of(camera_pose)),
      view_turn_(rotation_of(view_pose)),
      camera_shift_(translation_of(camera_pose)),
      view_shift_(translation_of(view_pose)) {}

Projection::Image Projection::image_at(const Eigen::Vector3d& place) const {
  const Eigen::Vector3d turned = view_turn_ * place;
  const Eigen::Vector3d turned_again = camera_turn_ * (turned + view_shift_);
  return {turned, turned_again, image_of(intrinsics_, turned_again + camera_shift_)};
}

}  // namespace nearfar::vision::bundle
