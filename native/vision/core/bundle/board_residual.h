#pragma once

#include <ceres/cost_function.h>

#include <Eigen/Core>
#include <array>
#include <optional>
#include <vector>

#include "problem.h"

namespace nearfar::vision::bundle {

/// One corner as it lies on its board and as it was seen.
struct SeenCorner {
  Eigen::Vector3d nominal_mm;
  std::array<double, 2> warp_by;  ///< mm of z for each mm of the two warp terms
  Eigen::Vector2d seen_px;
  double weight;  ///< 1 / standard deviation, 1/px
};

/// Corners of one view in one camera: (projected - seen) · weight. Blocks: intrinsics, camera pose, view pose, then
/// the warp and the shape offset of a corner, where the board has them. Derivatives by poses are along the directions
/// of `Block`, in the first six of seven columns (see PoseManifold).
///
/// Cauchy's loss is applied to each corner inside, because Ceres would apply it to the whole block: the residual is
/// scaled so that its square is the loss, c² log(1 + r²/c²), which leaves minimum and gradient exactly as they are.
class BoardResidual : public ceres::CostFunction {
 public:
  BoardResidual(std::vector<SeenCorner> corners, bool warped, bool shaped, std::optional<double> cauchy);
  bool Evaluate(double const* const* parameters, double* residuals, double** jacobians) const override;

 private:
  std::vector<SeenCorner> corners_;
  bool warped_, shaped_;
  std::optional<double> cauchy_;
};

}  // namespace nearfar::vision::bundle
