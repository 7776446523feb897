#include "sights.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "board_residual.h"
#include "brown.h"

namespace nearfar::vision::bundle {
namespace {

double usual_sigma(const Problem& problem) {
  double weights = 0, count = 0;
  for (const View& view : problem.views) {
    for (const Observation& seen : view.observations) {
      for (const double sigma : seen.sigma_px) weights += 1 / (sigma * sigma);
      count += static_cast<double>(seen.sigma_px.size());
    }
  }
  return count > 0 ? std::sqrt(count / weights) : 1;
}

std::vector<double> residuals_of(const Problem& problem, const Parameters& parameters, int view_index,
                                 const Observation& seen, const std::vector<std::array<double, 2>>& shares) {
  const View& view = problem.views[static_cast<std::size_t>(view_index)];
  const Board& board = problem.boards[static_cast<std::size_t>(view.board)];
  const double* camera = parameters[parameters.camera_pose(seen.camera)].data();
  const double* pose = parameters[parameters.view_pose(view_index)].data();
  const int warp = parameters.warp(view.board);
  std::vector<double> residuals;
  for (std::size_t i = 0; i < seen.ids.size(); ++i) {
    const auto id = static_cast<std::size_t>(seen.ids[i]);
    Eigen::Vector3d place(&board.corners_mm[3 * id]);
    if (warp >= 0) {
      const double* terms = parameters[warp].data();
      place.z() += terms[0] * shares[id][0] + terms[1] * shares[id][1];
    }
    const int shape = parameters.shape(view.board, seen.ids[i]);
    if (shape >= 0) place += Eigen::Vector3d(parameters[shape].data());
    const Eigen::Vector3d in_world = rotation_of(pose) * place + translation_of(pose);
    const auto image = image_of(parameters[parameters.intrinsics(seen.camera)].data(),
                                rotation_of(camera) * in_world + translation_of(camera));
    for (int axis = 0; axis < 2; ++axis) {
      residuals.push_back(image ? image->px[axis] - seen.points_px[2 * i + static_cast<std::size_t>(axis)]
                                : std::numeric_limits<double>::quiet_NaN());
    }
  }
  return residuals;
}

}  // namespace

Sights sights_of(const Problem& problem) {
  const double usual = usual_sigma(problem);
  Sights sights;
  for (const View& view : problem.views) {
    auto& sights_of_view = sights.emplace_back();
    for (const Observation& seen : view.observations) {
      Sight sight{std::vector<double>(seen.ids.size(), 1), std::vector<std::uint8_t>(seen.ids.size(), 0)};
      std::transform(seen.sigma_px.begin(), seen.sigma_px.end(), sight.relative_sigma.begin(),
                     [usual](double sigma) { return sigma / usual; });
      sights_of_view.push_back(std::move(sight));
    }
  }
  return sights;
}

int kept_corners(const std::vector<Sight>& view) {
  int kept = 0;
  for (const Sight& sight : view) {
    kept += static_cast<int>(std::count(sight.outliers.begin(), sight.outliers.end(), std::uint8_t{0}));
  }
  return kept;
}

std::vector<std::vector<std::vector<double>>> residuals_of(const Problem& problem, const Parameters& parameters) {
  std::vector<std::vector<std::array<double, 2>>> shares;
  for (const Board& board : problem.boards) shares.push_back(warp_shares(board));
  std::vector<std::vector<std::vector<double>>> residuals;
  for (int view = 0; view < static_cast<int>(problem.views.size()); ++view) {
    const View& shown = problem.views[static_cast<std::size_t>(view)];
    auto& residuals_of_view = residuals.emplace_back();
    for (const Observation& seen : shown.observations) {
      residuals_of_view.push_back(
          residuals_of(problem, parameters, view, seen, shares[static_cast<std::size_t>(shown.board)]));
    }
  }
  return residuals;
}

}  // namespace nearfar::vision::bundle
