#include "bundle_world.h"

#include <Eigen/Geometry>

#include <cmath>
#include <numeric>

#include "../core/bundle/parameters.h"
#include "../core/bundle/rotation.h"
#include "../core/bundle/sights.h"

namespace nearfar::vision::test {

using bundle::Problem;

bundle::Camera wide_camera() {
  bundle::Camera camera;
  camera.intrinsics = {600, 602, 321, 238, -0.25, 0.08, 0.0012, -0.0008, 0.02};
  camera.free_intrinsics.fill(true);
  return camera;
}

bundle::Board flat_board(int columns, int rows) {
  bundle::Board board;
  for (int id = 0; id < columns * rows; ++id) {
    board.corners_mm.insert(board.corners_mm.end(), {20.0 * (id % columns), 20.0 * (id / columns), 0});
  }
  return board;
}

void add_views(Problem& problem, int count, std::mt19937& random) {
  std::uniform_real_distribution<double> tilt(-0.7, 0.7), turn(-3, 3), aside(-60, 60), along(300, 500);
  const int corners = problem.boards[0].corner_count();
  const double* last = &problem.boards[0].corners_mm[static_cast<std::size_t>(3 * (corners - 1))];
  for (int i = 0; i < count; ++i) {
    bundle::View view;
    const bundle::Pose tilted{tilt(random), tilt(random), 0, 0, 0, 0}, turned{0, 0, turn(random), 0, 0, 0};
    const Eigen::Matrix3d rotation =
        bundle::rotation_of(bundle::state_of(tilted).data()) * bundle::rotation_of(bundle::state_of(turned).data());
    const Eigen::AngleAxisd vector(rotation);
    const Eigen::Vector3d middle(aside(random), 0.7 * aside(random), along(random));
    const Eigen::Vector3d shift = middle - rotation * Eigen::Vector3d(last[0] / 2, last[1] / 2, 0);
    const Eigen::Vector3d angles = vector.angle() * vector.axis();
    view.pose = {angles.x(), angles.y(), angles.z(), shift.x(), shift.y(), shift.z()};
    for (int camera = 0; camera < static_cast<int>(problem.cameras.size()); ++camera) {
      bundle::Observation seen;
      seen.camera = camera;
      seen.ids.resize(static_cast<std::size_t>(corners));
      std::iota(seen.ids.begin(), seen.ids.end(), 0);
      seen.points_px.assign(static_cast<std::size_t>(2 * corners), 0);
      view.observations.push_back(seen);
    }
    problem.views.push_back(view);
  }
}

void observe(Problem& problem, const std::vector<double>& shape_mm) {
  Problem placed = problem;
  std::vector<double>& corners_mm = placed.boards[0].corners_mm;
  for (std::size_t i = 0; i < shape_mm.size(); ++i) corners_mm[i] += shape_mm[i];
  const auto residuals = bundle::residuals_of(placed, bundle::Parameters(placed));
  for (std::size_t view = 0; view < problem.views.size(); ++view) {
    for (std::size_t seen = 0; seen < residuals[view].size(); ++seen) {
      auto& points_px = problem.views[view].observations[seen].points_px;
      for (std::size_t i = 0; i < points_px.size(); ++i) points_px[i] += residuals[view][seen][i];
    }
  }
}

void add_noise(Problem& problem, double sigma_px, std::mt19937& random) {
  std::normal_distribution<double> noise(0, sigma_px);
  for (bundle::View& view : problem.views) {
    for (bundle::Observation& seen : view.observations) {
      for (double& px : seen.points_px) px += noise(random);
    }
  }
}

void disturb(Problem& problem, std::mt19937& random) {
  std::uniform_real_distribution<double> share(-0.01, 0.01);
  const auto move = [&](bundle::Pose& pose) {
    for (std::size_t i = 0; i < 6; ++i) pose[i] += share(random) * (i < 3 ? 1 : 200);
  };
  for (bundle::Camera& camera : problem.cameras) {
    for (std::size_t i = 0; i < 9; ++i) {
      if (camera.free_intrinsics[i]) camera.intrinsics[i] *= 1 + share(random);
    }
    if (camera.free_pose) move(camera.pose);
  }
  for (bundle::View& view : problem.views) {
    if (view.free_pose) move(view.pose);
  }
}

Problem single_camera_world(int views, std::mt19937& random) {
  Problem problem{.cameras = {wide_camera()}, .boards = {flat_board(9, 6)}, .views = {}, .priors = {}};
  add_views(problem, views, random);
  observe(problem);
  return problem;
}

Problem pair_world(int views, std::mt19937& random) {
  Problem problem{.cameras = {wide_camera(), wide_camera()}, .boards = {flat_board(9, 6)}, .views = {}, .priors = {}};
  problem.cameras[1].intrinsics[0] = problem.cameras[1].intrinsics[1] = 650;
  problem.cameras[1].pose = {0.02, -0.1, 0.03, -60, 2, 5};
  problem.cameras[1].free_pose = true;
  add_views(problem, views, random);
  observe(problem);
  return problem;
}

}  // namespace nearfar::vision::test
