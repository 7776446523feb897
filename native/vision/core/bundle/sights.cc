#include "sights.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "projection.h"

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
  const Projection projection(parameters[parameters.intrinsics(seen.camera)].data(),
                              parameters[parameters.camera_pose(seen.camera)].data(),
                              parameters[parameters.view_pose(view_index)].data());
  const int warp = parameters.warp(view.board);
  std::vector<double> residuals;
  for (std::size_t i = 0; i < seen.ids.size(); ++i) {
    const auto id = static_cast<std::size_t>(seen.ids[i]);
    const int shape = parameters.shape(view.board, seen.ids[i]);
    const auto place = place_of(Eigen::Vector3d(&board.corners_mm[3 * id]), shares[id],
                                warp >= 0 ? parameters[warp].data() : nullptr,
                                shape >= 0 ? parameters[shape].data() : nullptr);
    const auto image = projection.image_at(place).brown;
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
