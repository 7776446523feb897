#include "homography.h"

#include <algorithm>
#include <cmath>

namespace nearfar::vision {
namespace {

using Row = cv::Matx<double, 1, 8>;

}  // namespace

cv::Point2d project(const cv::Matx33d& homography, const cv::Point2d& point) {
  const cv::Vec3d at = homography * cv::Vec3d(point.x, point.y, 1);
  return {at[0] / at[2], at[1] / at[2]};
}

std::optional<cv::Matx33d> fit_homography(const std::vector<cv::Point2d>& sources,
                                          const std::vector<cv::Point2d>& targets) {
  if (sources.size() < 4) return std::nullopt;
  // Targets are taken relative to their centre and to their spread: the equations are then of one size.
  cv::Point2d centre;
  for (const cv::Point2d& target : targets) centre += target / static_cast<double>(targets.size());
  double spread = 0;
  for (const cv::Point2d& target : targets) spread = std::max(spread, cv::norm(target - centre));
  if (!(spread > 0)) return std::nullopt;

  cv::Matx<double, 8, 8> normal;
  cv::Matx<double, 8, 1> right;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const double u = sources[i].x, v = sources[i].y;
    const cv::Point2d target = (targets[i] - centre) / spread;
    const Row row_x(u, v, 1, 0, 0, 0, -u * target.x, -v * target.x);
    const Row row_y(0, 0, 0, u, v, 1, -u * target.y, -v * target.y);
    normal += row_x.t() * row_x + row_y.t() * row_y;
    right += row_x.t() * target.x + row_y.t() * target.y;
  }
  cv::Matx<double, 8, 1> h;
  if (!cv::solve(normal, right, h, cv::DECOMP_CHOLESKY)) return std::nullopt;
  const cv::Matx33d relative(h(0), h(1), h(2), h(3), h(4), h(5), h(6), h(7), 1);
  const cv::Matx33d placed(spread, 0, centre.x, 0, spread, centre.y, 0, 0, 1);
  return placed * relative;
}

}  // namespace nearfar::vision
