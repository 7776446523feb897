#include <cmath>

#include "../core/bundle/solve.h"
#include "../core/bundle/uncertainty.h"
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

void exact_worlds_are_recovered() {
  std::mt19937 random(1);
  const Problem truth = pair_world(6, random);
  Problem problem = truth;
  disturb(problem, random);
  const Solution solution = bundle::solve(problem, {}, {});
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

/// A rotation vector near a half turn, where it jumps to the other side.
void half_turned_boards_are_recovered() {
  std::mt19937 random(13);
  Problem truth = single_camera_world(6, random);
  for (std::size_t view = 0; view < 6; ++view) {
    const double turn = M_PI - 0.15 + 0.05 * static_cast<double>(view);  // 2.99 … 3.24
    const double tilt = 0.2 + 0.1 * static_cast<double>(view % 3);
    const double along = 350 + 20 * static_cast<double>(view);
    truth.views[view].pose = {tilt, (view % 2 == 0 ? 1 : -1) * tilt, turn, 80, 50, along};
  }
  observe(truth);
  Problem problem = truth;
  disturb(problem, random);
  const Solution solution = bundle::solve(problem, {}, {});
  expect_near(solution.rms_point_px, 0, 1e-8, "rms");
  expect_intrinsics(solution.cameras[0].first, truth.cameras[0].intrinsics, 1e-6);
}

/// Without priors and loss the noise that is given says nothing.
void given_noise_changes_nothing() {
  std::mt19937 random(14);
  Problem problem = pair_world(6, random);
  add_noise(problem, 0.1, random);
  disturb(problem, random);
  problem.noise_sigma_px = 0.1;
  const Solution usual = bundle::solve(problem, {}, {});
  for (const double noise_px : {1e-9, 1e-4, 1000.0}) {
    problem.noise_sigma_px = noise_px;
    const Solution scaled = bundle::solve(problem, {}, {});
    for (std::size_t i = 0; i < 9; ++i) {
      const double scale = std::abs(usual.cameras[1].first[i]);
      expect_near(scaled.cameras[1].first[i], usual.cameras[1].first[i], 1e-6 * scale,
                  "intrinsic " + std::to_string(i) + " at " + std::to_string(noise_px) + " px");
    }
    expect_near(scaled.noise_sigma_px, usual.noise_sigma_px, 1e-9, "noise found");
  }
}

void work_can_be_cancelled() {
  std::mt19937 random(12);
  const Problem problem = single_camera_world(5, random);
  const CancelFlag flag;
  flag.cancel();
  testing::expect_error<Cancelled>("", [&] { bundle::solve(problem, {}, flag); });
  testing::expect_error<Cancelled>("", [&] { bundle::projection_uncertainty(problem, 0, 400, {320, 240}, flag); });
}

}  // namespace

void test_bundle_solves(Suite& suite) {
  suite.run("bundle: exact worlds are recovered", exact_worlds_are_recovered);
  suite.run("bundle: what is fixed stays", what_is_fixed_stays);
  suite.run("bundle: warp", warp_is_recovered);
  suite.run("bundle: shape", shape_is_recovered);
  suite.run("bundle: undetermined problems are refused", undetermined_problems_are_refused);
  suite.run("bundle: views without corners are passed over", views_without_corners_are_passed_over);
  suite.run("bundle: boards turned by half a turn", half_turned_boards_are_recovered);
  suite.run("bundle: the noise that is given changes nothing", given_noise_changes_nothing);
  suite.run("bundle: work can be cancelled", work_can_be_cancelled);
}

}  // namespace nearfar::vision::test
