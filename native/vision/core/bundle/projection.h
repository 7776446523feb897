#pragma once

#include <Eigen/Core>
#include <array>
#include <optional>
#include <vector>

#include "brown.h"
#include "problem.h"

namespace nearfar::vision::bundle {

/// The share of each warp term that a place on the board takes: 1 - x² and 1 - y² with x and y scaled to -1 … 1.
std::vector<std::array<double, 2>> warp_shares(const Board& board);

/// Where a corner lies on its board, mm. @param warp the board's two terms, @param shape the corner's offset; either
/// may be null.
Eigen::Vector3d place_of(const Eigen::Vector3d& nominal_mm, const std::array<double, 2>& warp_by, const double* warp,
                         const double* shape);

/// How one camera sees one board: from places on the board to px. Poses are `PoseState`s.
class Projection {
 public:
  Projection(const double* intrinsics, const double* camera_pose, const double* view_pose);

  struct Image {
    Eigen::Vector3d turned;        ///< the place, along the world's axes
    Eigen::Vector3d turned_again;  ///< in the world, along the camera's axes
    std::optional<BrownImage> brown;  ///< none for places that are not before the camera
  };
  Image image_at(const Eigen::Vector3d& place) const;

  const Eigen::Matrix3d& camera_turn() const { return camera_turn_; }
  const Eigen::Matrix3d& view_turn() const { return view_turn_; }

 private:
  const double* intrinsics_;
  Eigen::Matrix3d camera_turn_, view_turn_;
  Eigen::Vector3d camera_shift_, view_shift_;
};

}  // namespace nearfar::vision::bundle
