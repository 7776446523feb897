#include "flow_sparsely.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "../parallel.h"
#include "forecast.h"
#include "window_noise.h"
#include "spline_plane.h"
#include "window.h"

namespace nearfar::vision::sparse {
namespace {

/// Standard deviations of the Gaussians of the first, rough look and of the match itself.
constexpr double rough_blur_px = 3, fine_blur_px = 1;
constexpr int rough_stride_px = 2;
constexpr double rough_walk_px = 12, fine_walk_px = 3;
/// Around a node: whose rough shifts say where to start.
constexpr double neighbourhood_px = 120;
/// In the worst direction; beyond it the texture does not hold the window.
constexpr double greatest_sigma_px = 0.7;
constexpr double greatest_misfit = 3;

using Grid = std::vector<std::vector<std::optional<WindowMatch>>>;

/// What every step of the work reads.
struct Scene {
  const Request& request;
  std::size_t threads;
  const CancelFlag& flag;
  Forecast forecast;
  int nodes;

  int place(std::size_t index) const { return static_cast<int>(index) * request.step_px + request.step_px / 2; }
};

template <typename PlaceAt>
Grid match_all(const Scene& scene, double blur_px, PlaceAt place_at) {
  const Request& request = scene.request;
  std::array<std::optional<SplinePlane>, 2> planes;
  for_each_index(scene.threads, 2, scene.flag, [&](std::size_t arm) {
    planes[arm].emplace(arm == 0 ? request.near : request.far, request.geometry.size, blur_px);
  });
  const auto nodes = static_cast<std::size_t>(scene.nodes);
  Grid grid(nodes, std::vector<std::optional<WindowMatch>>(nodes));
  for_each_index(scene.threads, nodes, scene.flag, [&](std::size_t row) {
    for (std::size_t column = 0; column < nodes; ++column) {
      const WindowPlace place = place_at(scene.place(column), scene.place(row));
      if (std::isfinite(scene.forecast.depth_mm[scene.forecast.index(place.x, place.y)])) {
        grid[row][column] = match_window(*planes[0], *planes[1], scene.forecast, place);
      }
    }
  });
  return grid;
}

struct RoughShift {
  cv::Point2d at, shift;
};

/// The shifts of a Gaussian that reaches further than the match itself.
std::vector<RoughShift> rough_shifts(const Scene& scene) {
  const Grid grid = match_all(scene, rough_blur_px, [&](int x, int y) {
    return WindowPlace{x, y, scene.request.window_px, rough_stride_px, {0, 0}, rough_walk_px};
  });
  std::vector<RoughShift> shifts;
  for (std::size_t row = 0; row < grid.size(); ++row) {
    for (std::size_t column = 0; column < grid.size(); ++column) {
      const auto& match = grid[row][column];
      if (match) shifts.push_back({cv::Point2d(scene.place(column), scene.place(row)), match->shift});
    }
  }
  return shifts;
}

/// Median of those around; no shift where there are none.
cv::Point2d start_at(const std::vector<RoughShift>& shifts, const cv::Point2d& at) {
  std::vector<double> x, y;
  for (const RoughShift& rough : shifts) {
    const cv::Point2d away = rough.at - at;
    if (std::max(std::abs(away.x), std::abs(away.y)) > neighbourhood_px) continue;
    x.push_back(rough.shift.x);
    y.push_back(rough.shift.y);
  }
  if (x.empty()) return {0, 0};
  const auto middle = static_cast<std::ptrdiff_t>(x.size() / 2);
  std::nth_element(x.begin(), x.begin() + middle, x.end());
  std::nth_element(y.begin(), y.begin() + middle, y.end());
  return {x[static_cast<std::size_t>(middle)], y[static_cast<std::size_t>(middle)]};
}

double greatest_variance(const cv::Matx22d& covariance) {
  const double mean = (covariance(0, 0) + covariance(1, 1)) / 2;
  return mean + std::hypot((covariance(0, 0) - covariance(1, 1)) / 2, covariance(0, 1));
}

std::optional<Node> node_of(const Scene& scene, const Found& found, const WindowNoise& noise) {
  const WindowMatch& match = found.match;
  const cv::Matx22d covariance = noise.covariance_of(match);
  const double misfit = std::sqrt(match.variance / noise.variance_at(match.mean));
  // Written so that what is no number is left out too.
  if (!(greatest_variance(covariance) <= greatest_sigma_px * greatest_sigma_px)) return std::nullopt;
  if (!(misfit <= greatest_misfit && match.mean > 0)) return std::nullopt;
  const std::size_t pixel = scene.forecast.index(found.x, found.y);
  return Node{.near = cv::Point2d(found.x, found.y),
              .far = scene.forecast.far[pixel] + match.shift,
              .xx = covariance(0, 0),
              .xy = covariance(0, 1),
              .yy = covariance(1, 1),
              .depth_mm = scene.forecast.depth_mm[pixel],
              .misfit = misfit,
              .texture = match.contrast / match.mean};
}

}  // namespace

std::vector<Node> flow_sparsely(const Request& request, std::size_t threads, const CancelFlag& flag) {
  check(request);
  const Scene scene{request, threads, flag, forecast_of(request, threads, flag),
                    (request.geometry.size - request.step_px / 2 - 1) / request.step_px + 1};
  const std::vector<RoughShift> rough = rough_shifts(scene);
  const Grid grid = match_all(scene, fine_blur_px, [&](int x, int y) {
    return WindowPlace{x, y, request.window_px / 2, 1, start_at(rough, cv::Point2d(x, y)), fine_walk_px};
  });
  std::vector<Found> found;
  for (std::size_t row = 0; row < grid.size(); ++row) {
    for (std::size_t column = 0; column < grid.size(); ++column) {
      if (grid[row][column]) found.push_back({scene.place(column), scene.place(row), *grid[row][column]});
    }
  }
  std::vector<Node> nodes;
  if (found.empty()) return nodes;
  const WindowNoise noise(found);
  for (const Found& window : found) {
    if (const auto node = node_of(scene, window, noise)) nodes.push_back(*node);
  }
  return nodes;
}

}  // namespace nearfar::vision::sparse
