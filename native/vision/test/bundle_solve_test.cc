#include <Eigen/Geometry>
#include <array>
#include <chrono>
#include <cmath>
#include <thread>

#include "../core/bundle/rotation.h"
#include "../core/bundle/solve.h"
#include "../core/bundle/start.h"
#include "bundle_test.h"
#include "bundle_world.h"

namespace nearfar::vision::test {
namespace {

using bundle::Problem;
using bundle::Solution;
using testing::expect_near;

void expect_intrinsics(const bundle::Intrinsics& actual, const bundle::Intrinsics& expected, double tolerance) {
  for (std::size_t i = 0; i < 9; ++i) expect_near(actual[i], expected[i], tolerance, "intrinsic " + std::to_string(i));
}

/// How far the intrinsics of a single camera, all free, are from the truth at most, in claimed sigmas.
double worst_deviation(const Solution& solution, const Problem& truth) {
  double worst = 0;
  for (std::size_t i = 0; i < 9; ++i) {
    const double off = solution.cameras[0].first[i] - truth.cameras[0].intrinsics[i];
    worst = std::max(worst, std::abs(off) / std::sqrt(solution.covariance.values[10 * i]));
  }
  return worst;
}

int outliers_of(const Solution& solution) {
  int count = 0;
  for (const bundle::ViewResult& view : solution.views) {
    for (const bundle::ObservationResult& seen : view.observations) {
      for (const std::uint8_t outlier : seen.outliers) count += outlier;
    }
  }
  return count;
}

void exact_worlds_are_recovered() {
  std::mt19937 random(1);
  const Problem truth = pair_world(6, random);
  Problem problem = truth;
  disturb(problem, random);
  const Solution solution = bundle::solve(problem, {}, {});
  expect(solution.converged, "converged");
  expect_near(solution.rms_point_px, 0, 1e-8, "rms");
  for (std::size_t i = 0; i < 2; ++i) expect_intrinsics(solution.cameras[i].first, truth.cameras[i].intrinsics, 1e-6);
  for (std::size_t i = 0; i < 6; ++i) {
    expect_near(solution.cameras[1].second[i], truth.cameras[1].pose[i], 1e-6, "pose of the other camera");
    expect_near(solution.views[3].pose[i], truth.views[3].pose[i], 1e-6, "pose of a view");
  }
}

void what_is_fixed_stays() {
  std::mt19937 random(2);
  Problem problem = single_camera_world(5, random);
  problem.cameras[0].free_intrinsics = {true, true, true, true, true, true, true, true, false};
  problem.views[0].free_pose = false;
  const Problem start = problem;
  add_noise(problem, 0.2, random);
  const Solution solution = bundle::solve(problem, {}, {});
  expect_equal(solution.cameras[0].first[8], start.cameras[0].intrinsics[8], "k3");
  for (std::size_t i = 0; i < 6; ++i) {
    expect_near(solution.views[0].pose[i], start.views[0].pose[i], 1e-12, "pose that is held");
  }
  expect_equal(solution.covariance.parameters.size(), 8u, "parameters in the covariance");
}

void warp_is_recovered() {
  std::mt19937 random(3);
  Problem problem = single_camera_world(12, random);
  problem.boards[0].warp = bundle::Warp{{0.6, -0.4}, true};
  observe(problem);
  add_noise(problem, 0.05, random);
  problem.boards[0].warp->start_mm = {0, 0};
  const Solution solution = bundle::solve(problem, {}, {});
  expect_near((*solution.boards[0].warp_mm)[0], 0.6, 0.03, "bend along x");
  expect_near((*solution.boards[0].warp_mm)[1], -0.4, 0.03, "bend along y");
  expect(!solution.covariance.parameters[9].of_camera, "the warp follows the cameras");
}

void shape_is_recovered() {
  std::mt19937 random(4);
  Problem problem = single_camera_world(20, random);
  std::normal_distribution<double> print(0, 0.1);
  std::vector<double> shape_mm(problem.boards[0].corners_mm.size());
  for (double& offset : shape_mm) offset = print(random);
  observe(problem, shape_mm);
  add_noise(problem, 0.05, random);
  const Solution rigid = bundle::solve(problem, {}, {});
  problem.boards[0].shape_sigma_mm = 0.1;
  problem.noise_sigma_px = 0.05;
  const Solution solution = bundle::solve(problem, {}, {});
  expect(rigid.noise_sigma_px > 0.1, "print errors show while corners are held");
  expect_near(solution.noise_sigma_px, 0.05, 0.004, "noise");
  // Moves, turns and sizes of the whole board are the poses', so the offsets agree but for these.
  double product = 0, truth = 0, found = 0;
  for (std::size_t i = 0; i < shape_mm.size(); ++i) {
    product += shape_mm[i] * solution.boards[0].shape_mm[i];
    truth += shape_mm[i] * shape_mm[i];
    found += solution.boards[0].shape_mm[i] * solution.boards[0].shape_mm[i];
  }
  expect(product > 0.9 * std::sqrt(truth * found), "offsets agree with the print's");
}

void priors_are_weighed() {
  std::mt19937 random(5);
  Problem problem = single_camera_world(8, random);
  add_noise(problem, 0.1, random);
  problem.noise_sigma_px = bundle::solve(problem, {}, {}).noise_sigma_px;
  const auto focals = [&](std::vector<bundle::Prior> priors) {
    problem.priors = std::move(priors);
    const Solution solution = bundle::solve(problem, {}, {});
    return std::pair(solution, std::sqrt(solution.covariance.values[0]));
  };
  const auto [free, free_sigma] = focals({});
  const auto [half, half_sigma] = focals({bundle::ValuePrior{0, 0, free.cameras[0].first[0] + 1, free_sigma}});
  expect_near(half.cameras[0].first[0] - free.cameras[0].first[0], 0.5, 0.01, "a prior as good as the corners");
  expect_near(half_sigma, free_sigma / std::sqrt(2.0), 0.02 * free_sigma, "and the sigma of both together");
  const auto [square, square_sigma] = focals({bundle::SquarePixelsPrior{0, 1e-7}});
  expect_near(square.cameras[0].first[0] / square.cameras[0].first[1], 1, 1e-5, "square pixels");
}

void cameras_share_what_priors_tie() {
  std::mt19937 random(6);
  Problem problem = pair_world(6, random);
  add_noise(problem, 0.1, random);
  problem.priors = {bundle::SamePrior{{0, 1}, 4, 1e-7}, bundle::ValuePrior{1, 10, -0.1, 1e-9}};
  const Solution solution = bundle::solve(problem, {}, {});
  expect_near(solution.cameras[0].first[4] - solution.cameras[1].first[4], 0, 1e-6, "k1");
  expect_near(solution.cameras[1].second[1], -0.1, 1e-7, "turn about y");
}

void pupils_are_held_on_a_rail() {
  std::mt19937 random(15);
  Problem problem{.cameras = {}, .boards = {flat_board(9, 6)}, .views = {}, .priors = {}};
  const std::array<double, 4> aside{0, 0.5, -0.4, 0.2};
  for (std::size_t i = 0; i < 4; ++i) {
    bundle::Camera camera = wide_camera();
    camera.free_pose = i > 0;
    const auto stop = static_cast<double>(i);
    camera.pose = {0.01 * aside[i], 0, 0, -3 * stop + aside[i], aside[i], 40 * stop};
    problem.cameras.push_back(camera);
  }
  add_views(problem, 8, random);
  observe(problem);
  add_noise(problem, 0.1, random);
  problem.noise_sigma_px = 0.1;
  const auto off_line = [&](double sigma_mm) {
    problem.priors = {bundle::RailPrior{{0, 1, 2, 3}, sigma_mm}};
    const Solution solution = bundle::solve(problem, {}, {});
    std::vector<Eigen::Vector3d> pupils;
    for (const auto& [intrinsics, pose] : solution.cameras) {
      const auto state = bundle::state_of(pose);
      pupils.push_back(-(bundle::rotation_of(state.data()).transpose() * bundle::translation_of(state.data())));
    }
    const Eigen::Vector3d along = (pupils[3] - pupils[0]).normalized();
    return (pupils[1] - pupils[0]).cross(along).norm() + (pupils[2] - pupils[0]).cross(along).norm();
  };
  expect(off_line(100) > 0.7, "a rail that says nothing leaves the pupils where they are");
  expect(off_line(1e-4) < 1e-3, "a straight one brings them into line, wherever that runs");
}

void planted_outliers_are_rejected() {
  std::mt19937 random(7);
  const Problem truth = single_camera_world(10, random);
  Problem problem = truth;
  add_noise(problem, 0.1, random);
  problem.views[2].observations[0].points_px[10] += 4;
  problem.views[5].observations[0].points_px[51] -= 2;
  for (std::size_t i = 8; i < 108; ++i) problem.views[9].observations[0].points_px[i] += 30 * (i % 3);
  disturb(problem, random);
  bundle::Options options{.robust_sigmas = 3, .reject = bundle::Rejection{5, 4}, .covariance = true};
  problem.noise_sigma_px = 0.1;
  const Solution solution = bundle::solve(problem, options, {});
  expect(solution.views[2].observations[0].outliers[5] == 1, "x is off");
  expect(solution.views[5].observations[0].outliers[25] == 1, "y is off");
  expect_near(solution.views[2].observations[0].residuals_px[10], -4, 0.6, "residuals of outliers are given too");
  expect(outliers_of(solution) >= 2 + 50 - 1 && outliers_of(solution) <= 60, "outliers");
  expect_near(solution.noise_sigma_px, 0.1, 0.01, "noise");
  expect(worst_deviation(solution, truth) < 4, "intrinsics");
}

void loss_holds_against_outliers() {
  std::mt19937 random(8);
  const Problem truth = single_camera_world(10, random);
  Problem problem = truth;
  add_noise(problem, 0.1, random);
  problem.noise_sigma_px = 0.1;
  for (std::size_t view = 0; view < 10; ++view) problem.views[view].observations[0].points_px[7 * view] += 15;
  const Solution plain = bundle::solve(problem, {}, {});
  const Solution robust = bundle::solve(problem, {.robust_sigmas = 3, .reject = std::nullopt, .covariance = true}, {});
  expect(plain.covariance.values[0] > 10 * robust.covariance.values[0], "plain squares suffer");
  expect(worst_deviation(robust, truth) < 4, "the loss keeps outliers from bending the result");
  expect_near(robust.noise_sigma_px, 0.1, 0.01, "noise of the rest");
  expect_equal(outliers_of(robust), 0, "outliers");
}

void weights_follow_sigmas() {
  std::mt19937 random(9);
  Problem problem = single_camera_world(10, random);
  std::normal_distribution<double> noise(0, 1);
  for (bundle::View& view : problem.views) {
    bundle::Observation& seen = view.observations[0];
    for (std::size_t i = 0; i < seen.ids.size(); ++i) {
      seen.sigma_px.push_back(i % 2 == 0 ? 0.05 : 1);
      for (std::size_t axis = 0; axis < 2; ++axis) seen.points_px[2 * i + axis] += seen.sigma_px[i] * noise(random);
    }
  }
  const Solution weighted = bundle::solve(problem, {}, {});
  for (bundle::View& view : problem.views) view.observations[0].sigma_px.clear();
  const Solution alike = bundle::solve(problem, {}, {});
  expect(weighted.covariance.values[0] < alike.covariance.values[0] / 25, "good corners count for more");
  // In units of the usual sigma, √(1 / mean(1 / sigma²)).
  expect_near(weighted.noise_sigma_px, std::sqrt(2 / (1 / 0.0025 + 1)), 0.005, "noise");
}

void undetermined_problems_are_refused() {
  std::mt19937 random(10);
  const auto refused = [](const char* text, const Problem& problem) {
    testing::expect_error<bundle::Undetermined>(text, [&] { bundle::solve(problem, {}, {}); });
  };
  Problem problem = single_camera_world(4, random);
  problem.cameras[0].free_pose = true;
  refused("of cameras[0] along", problem);
  problem = single_camera_world(3, random);
  for (bundle::View& view : problem.views) view.pose = {0, 0, view.pose[2], -80, -50, view.pose[5]};
  problem.cameras[0].intrinsics = {600, 600, 320, 240, 0, 0, 0, 0, 0};
  problem.cameras[0].free_intrinsics = {true, false, true, true, false, false, false, false, false};
  observe(problem);
  refused("of cameras[0] is not determined by the observations", problem);
  problem = single_camera_world(2, random);
  problem.views[1].observations[0].ids.resize(3);
  problem.views[1].observations[0].points_px.resize(6);
  refused("views[1] is not determined by its 3 corners", problem);
  problem.views[1].observations[0] = {0, {0, 1, 2, 3, 4}, {0, 0, 20, 0, 40, 0, 60, 0, 80, 0}, {}};
  refused("views[1] is not determined by its corners", problem);
  problem = single_camera_world(2, random);
  problem.views[0].pose[5] = -400;
  refused("is not before cameras[0]", problem);
}

void views_without_corners_are_passed_over() {
  std::mt19937 random(11);
  Problem problem = single_camera_world(5, random);
  const bundle::Pose pose = problem.views[3].pose;
  problem.views[3].observations.clear();
  add_noise(problem, 0.1, random);
  const Solution solution = bundle::solve(problem, {}, {});
  for (std::size_t i = 0; i < 6; ++i) expect_near(solution.views[3].pose[i], pose[i], 1e-12, "pose");
}

void solves_can_be_cancelled() {
  std::mt19937 random(12);
  Problem problem = pair_world(40, random);
  problem.boards[0].shape_sigma_mm = 0.1;
  add_noise(problem, 0.5, random);
  disturb(problem, random);
  const CancelFlag flag;
  std::thread canceller([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    flag.cancel();
  });
  testing::expect_error<Cancelled>("", [&] { bundle::solve(problem, {}, flag); });
  canceller.join();
}

bundle::StartView start_view(const Problem& problem, std::size_t view) {
  const bundle::Observation& seen = problem.views[view].observations[0];
  return {seen.ids, seen.points_px};
}

void starts_are_found() {
  std::mt19937 random(13);
  Problem problem = single_camera_world(8, random);
  add_noise(problem, 0.2, random);
  std::vector<bundle::StartView> views;
  for (std::size_t i = 0; i < 8; ++i) views.push_back(start_view(problem, i));
  views.push_back({{0, 1, 2, 3}, {0, 0, 20, 0, 40, 0, 60, 0}});
  const auto start = bundle::start_camera(views, 640, 480, problem.boards[0].corners_mm, {});
  expect_near(start.intrinsics[0], 600, 60, "focal length");
  expect(!start.poses[8].has_value(), "corners on one line have no pose");
  for (std::size_t i = 0; i < 8; ++i) {
    const auto pose = bundle::start_pose(problem.cameras[0].intrinsics, views[i], problem.boards[0].corners_mm);
    expect(pose.has_value(), "pose");
    expect_near((*pose)[5], problem.views[i].pose[5], 1, "distance in the known camera");
    problem.views[i].pose = *start.poses[i];
  }
  problem.cameras[0].intrinsics = start.intrinsics;
  const Solution solution = bundle::solve(problem, {}, {});
  expect_near(solution.noise_sigma_px, 0.2, 0.02, "the solve from there");
}

void long_lenses_are_started() {
  std::mt19937 random(14);
  Problem problem = single_camera_world(10, random);
  problem.cameras[0].intrinsics = {7700, 7700, 320, 240, 0.3, 0, 0, 0, 0};
  for (bundle::View& view : problem.views) {
    for (std::size_t i = 3; i < 6; ++i) view.pose[i] *= i == 5 ? 10 : 0.8;
  }
  observe(problem);
  add_noise(problem, 0.1, random);
  std::vector<bundle::StartView> views;
  for (std::size_t i = 0; i < 10; ++i) views.push_back(start_view(problem, i));
  const auto start = bundle::start_camera(views, 640, 480, problem.boards[0].corners_mm, {});
  problem.cameras[0].intrinsics = start.intrinsics;
  problem.cameras[0].free_intrinsics = {true, true, true, true, true};
  for (std::size_t i = 0; i < 10; ++i) problem.views[i].pose = *start.poses[i];
  const Solution solution = bundle::solve(problem, {}, {});
  expect_near(solution.noise_sigma_px, 0.1, 0.01, "noise");
  expect_near(solution.cameras[0].first[0], 7700, 4 * std::sqrt(solution.covariance.values[0]), "focal length");
}

}  // namespace

void test_bundle_solves(Suite& suite) {
  suite.run("bundle: exact worlds are recovered", exact_worlds_are_recovered);
  suite.run("bundle: what is fixed stays", what_is_fixed_stays);
  suite.run("bundle: warp", warp_is_recovered);
  suite.run("bundle: shape", shape_is_recovered);
  suite.run("bundle: priors are weighed", priors_are_weighed);
  suite.run("bundle: cameras share what priors tie", cameras_share_what_priors_tie);
  suite.run("bundle: pupils are held on a rail", pupils_are_held_on_a_rail);
  suite.run("bundle: planted outliers are rejected", planted_outliers_are_rejected);
  suite.run("bundle: Cauchy's loss holds against outliers", loss_holds_against_outliers);
  suite.run("bundle: weights follow sigmas", weights_follow_sigmas);
  suite.run("bundle: undetermined problems are refused", undetermined_problems_are_refused);
  suite.run("bundle: views without corners are passed over", views_without_corners_are_passed_over);
  suite.run("bundle: solves can be cancelled", solves_can_be_cancelled);
  suite.run("bundle: starts are found", starts_are_found);
  suite.run("bundle: long lenses are started", long_lenses_are_started);
}

}  // namespace nearfar::vision::test
