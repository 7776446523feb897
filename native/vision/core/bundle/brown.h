#pragma once

#include <Eigen/Core>
#include <optional>

namespace nearfar::vision::bundle {

using Vector9 = Eigen::Matrix<double, 9, 1>;
using Matrix29 = Eigen::Matrix<double, 2, 9>;
using Matrix23 = Eigen::Matrix<double, 2, 3>;

/// Where a pinhole with Brown's five terms (OpenCV's order: fx fy cx cy k1 k2 p1 p2 k3) images a point, and how that
/// moves with the intrinsics and the point.
struct BrownImage {
  Eigen::Vector2d px;
  Matrix29 by_intrinsics;
  Matrix23 by_point;
};

/// @returns none for points that are not before the camera.
std::optional<BrownImage> image_of(const double* intrinsics, const Eigen::Vector3d& point);

/// (x, y, 1) that a pixel sees, by Newton's method; none where the distortion has no inverse.
std::optional<Eigen::Vector3d> ray_of(const double* intrinsics, const Eigen::Vector2d& px);

}  // namespace nearfar::vision::bundle
