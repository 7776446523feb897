#include "brown.h"

#include <Eigen/LU>

namespace nearfar::vision::bundle {
namespace {

struct Distorted {
  Eigen::Vector2d at;
  Eigen::Matrix2d by_place;
  double r2, radial;
};

Distorted distort(const double* intrinsics, double x, double y) {
  const double k1 = intrinsics[4], k2 = intrinsics[5], p1 = intrinsics[6], p2 = intrinsics[7], k3 = intrinsics[8];
  const double r2 = x * x + y * y;
  const double radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3));
  const double slope = k1 + r2 * (2 * k2 + 3 * k3 * r2);  // of radial by r²
  const double mixed = 2 * x * y * slope + 2 * p1 * x + 2 * p2 * y;
  Distorted result;
  result.at << x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x), y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y;
  result.by_place << radial + 2 * x * x * slope + 2 * p1 * y + 6 * p2 * x, mixed, mixed,
      radial + 2 * y * y * slope + 6 * p1 * y + 2 * p2 * x;
  result.r2 = r2;
  result.radial = radial;
  return result;
}

}  // namespace

std::optional<BrownImage> image_of(const double* intrinsics, const Eigen::Vector3d& point) {
  if (!(point.z() > 0)) return std::nullopt;
  const double fx = intrinsics[0], fy = intrinsics[1];
  const double inverse_z = 1 / point.z(), x = point.x() * inverse_z, y = point.y() * inverse_z;
  const Distorted distorted = distort(intrinsics, x, y);
  const double r2 = distorted.r2, r4 = r2 * r2, r6 = r4 * r2;
  BrownImage image;
  image.px << fx * distorted.at.x() + intrinsics[2], fy * distorted.at.y() + intrinsics[3];
  image.by_intrinsics << distorted.at.x(), 0, 1, 0, fx * x * r2, fx * x * r4, fx * 2 * x * y, fx * (r2 + 2 * x * x),
      fx * x * r6,  //
      0, distorted.at.y(), 0, 1, fy * y * r2, fy * y * r4, fy * (r2 + 2 * y * y), fy * 2 * x * y, fy * y * r6;
  const Eigen::Matrix2d by_place = Eigen::Vector2d(fx, fy).asDiagonal() * distorted.by_place;
  image.by_point.leftCols<2>() = by_place * inverse_z;
  image.by_point.col(2) = -inverse_z * (by_place * Eigen::Vector2d(x, y));
  return image;
}

std::optional<Eigen::Vector3d> ray_of(const double* intrinsics, const Eigen::Vector2d& px) {
  const Eigen::Vector2d wanted((px.x() - intrinsics[2]) / intrinsics[0], (px.y() - intrinsics[3]) / intrinsics[1]);
  Eigen::Vector2d place = wanted;
  for (int step = 0; step < 30; ++step) {
    const Distorted distorted = distort(intrinsics, place.x(), place.y());
    if (!(distorted.by_place.determinant() > 0)) return std::nullopt;
    const Eigen::Vector2d change = distorted.by_place.inverse() * (wanted - distorted.at);
    place += change;
    if (!(change.norm() < 1e3)) return std::nullopt;
    if (change.norm() < 1e-13) return Eigen::Vector3d(place.x(), place.y(), 1);
  }
  return std::nullopt;
}

}  // namespace nearfar::vision::bundle
