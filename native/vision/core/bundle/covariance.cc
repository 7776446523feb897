#include "covariance.h"

#include <algorithm>

#include "information.h"
#include "terms.h"

namespace nearfar::vision::bundle {
namespace {

/// Turns of camera poses as rows of d(rotation vector)/d(turn), everything else as it is.
Eigen::MatrixXd to_rotation_vectors(const Information& information, const Parameters& parameters) {
  Eigen::MatrixXd change = Eigen::MatrixXd::Identity(information.kept(), information.kept());
  for (int block = 0; block < parameters.count(); ++block) {
    if (parameters[block].kind != BlockKind::camera_pose || parameters[block].free.empty()) continue;
    const auto pose = pose_of(parameters[block].data());
    const Eigen::Index first = information.column_of(block, 0);
    change.block<3, 3>(first, first) = vector_by_turn({pose[0], pose[1], pose[2]});
  }
  return change;
}

ParameterName name_of_column(const Block& block, int direction) {
  if (block.kind == BlockKind::warp) return {false, block.owner, direction};
  return {true, block.owner, block.kind == BlockKind::intrinsics ? direction : intrinsics_count + direction};
}

}  // namespace

Covariance covariance_of(const Problem& problem, const Parameters& parameters, const Sights& sights, double noise_px,
                         const CancelFlag& flag) {
  // Corners without any noise would weigh infinitely much.
  const Weighing weighing{.noise_px = std::max(noise_px, 1e-12), .cauchy = std::nullopt};
  const Information information(terms_of(problem, parameters, sights, weighing), parameters, flag);
  const Eigen::MatrixXd change = to_rotation_vectors(information, parameters);
  const Eigen::MatrixXd covariance = change * information.covariance() * change.transpose();
  Covariance result;
  for (Eigen::Index i = 0; i < information.kept(); ++i) {
    const auto [block, direction] = information.columns()[static_cast<std::size_t>(i)];
    result.parameters.push_back(name_of_column(parameters[block], direction));
  }
  result.values.assign(covariance.data(), covariance.data() + covariance.size());
  return result;
}

}  // namespace nearfar::vision::bundle
