#include <Eigen/Eigenvalues>
#include <cmath>
#include <functional>
#include <numeric>
#include <string>

#include "../core/bundle/brown.h"
#include "../core/bundle/rotation.h"
#include "../core/bundle/solve.h"
#include "../core/bundle/uncertainty.h"
#include "bundle_test.h"
#include "bundle_world.h"

namespace nearfar::vision::test {
namespace {

using bundle::Problem;
using bundle::Solution;
using testing::expect_near;

constexpr int trials = 200;

/// A small problem whose numbers spread much: few views of few corners.
Problem tiny_world(std::mt19937& random) {
  Problem problem{.cameras = {wide_camera(), wide_camera()}, .boards = {flat_board(4, 4)}, .views = {}, .priors = {}};
  for (double& mm : problem.boards[0].corners_mm) mm *= 2.5;
  for (bundle::Camera& camera : problem.cameras) {
    camera.free_intrinsics = {true, true, true, true, true, false, false, false, false};
  }
  problem.cameras[1].pose = {0.02, -0.1, 0.03, -60, 2, 5};
  problem.cameras[1].free_pose = true;
  add_views(problem, 8, random);
  observe(problem);
  problem.noise_sigma_px = 0.1;
  return problem;
}

double parameter_of(const Solution& solution, const bundle::ParameterName& name) {
  const auto& [intrinsics, pose] = solution.cameras[static_cast<std::size_t>(name.owner)];
  const auto number = static_cast<std::size_t>(name.parameter);
  return number < 9 ? intrinsics[number] : pose[number - 9];
}

/// What chance does in one trial.
using Chance = std::function<void(Problem&)>;

/// (found - true)² / claimed variance of each parameter, meant over many trials, is 1 when the claims are right. That
/// of one parameter spreads by √(2 / trials), that of all by less.
void expect_honest(const Problem& truth, const bundle::Options& options, const Chance& chance,
                   const std::string& what) {
  Solution exact;
  for (const bundle::Camera& camera : truth.cameras) exact.cameras.emplace_back(camera.intrinsics, camera.pose);
  std::vector<double> means;
  for (int trial = 0; trial < trials; ++trial) {
    Problem problem = truth;
    chance(problem);
    const Solution solution = bundle::solve(problem, options, {});
    const auto& [parameters, values] = solution.covariance;
    means.resize(parameters.size());
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const double off = parameter_of(solution, parameters[i]) - parameter_of(exact, parameters[i]);
      means[i] += off * off / values[i * (parameters.size() + 1)] / trials;
    }
  }
  const double bound = 4 * std::sqrt(2.0 / trials);
  for (std::size_t i = 0; i < means.size(); ++i) {
    expect_near(means[i], 1, bound, what + ", parameter " + std::to_string(i));
  }
  const double sum = std::accumulate(means.begin(), means.end(), 0.0);
  expect_near(sum / static_cast<double>(means.size()), 1, 0.25, what);
}

void claims_are_honest() {
  std::mt19937 random(1);
  const Problem truth = tiny_world(random);
  const Chance noise = [&](Problem& problem) { add_noise(problem, 0.1, random); };
  expect_honest(truth, {}, noise, "plain squares");
  expect_honest(truth, {.robust_sigmas = 2, .reject = std::nullopt, .covariance = true}, noise, "Cauchy's loss");
}

void claims_count_print_errors() {
  std::mt19937 random(2);
  Problem truth = tiny_world(random);
  std::normal_distribution<double> print(0, 0.3);
  const Chance chance = [&](Problem& problem) {
    std::vector<double> shape_mm(problem.boards[0].corners_mm.size());
    for (double& offset : shape_mm) offset = print(random);
    observe(problem, shape_mm);
    add_noise(problem, 0.1, random);
  };
  truth.boards[0].shape_sigma_mm = 0.3;
  expect_honest(truth, {}, chance, "with the corners' places solved for");
}

/// Where `solution` images the point that `truth` sees in `px`, carried over by the mean of the boards.
Eigen::Vector2d carried(const Problem& truth, const Solution& solution, const Eigen::Vector2d& px, double distance_mm) {
  const Eigen::Vector3d point = distance_mm * *bundle::ray_of(truth.cameras[0].intrinsics.data(), px);
  Eigen::Vector3d mean = Eigen::Vector3d::Zero();
  for (std::size_t view = 0; view < truth.views.size(); ++view) {
    const auto before = bundle::state_of(truth.views[view].pose), after = bundle::state_of(solution.views[view].pose);
    const Eigen::Vector3d on_board =
        bundle::rotation_of(before.data()).transpose() * (point - bundle::translation_of(before.data()));
    mean += bundle::rotation_of(after.data()) * on_board + bundle::translation_of(after.data());
  }
  mean /= static_cast<double>(truth.views.size());
  return bundle::image_of(solution.cameras[0].first.data(), mean)->px;
}

void projections_spread_as_claimed() {
  std::mt19937 random(3);
  const Problem truth = tiny_world(random);
  const std::vector<Eigen::Vector2d> pixels{{320, 240}, {60, 400}};
  for (const double distance_mm : {350.0, 2000.0}) {
    const auto claimed = bundle::projection_uncertainty(truth, 0, distance_mm, {320, 240, 60, 400}, {});
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      Eigen::Matrix2d spread = Eigen::Matrix2d::Zero();
      for (int trial = 0; trial < trials; ++trial) {
        Problem problem = truth;
        add_noise(problem, 0.1, random);
        const Eigen::Vector2d off = carried(truth, bundle::solve(problem, {}, {}), pixels[i], distance_mm) - pixels[i];
        spread += off * off.transpose() / trials;
      }
      const double sigma = std::sqrt(spread.eigenvalues().real().maxCoeff());
      expect_near(sigma / claimed[i], 1, 0.3, "pixel " + std::to_string(i) + " at " + std::to_string(distance_mm));
    }
  }
}

void pixels_without_a_ray_have_no_uncertainty() {
  std::mt19937 random(4);
  Problem problem = tiny_world(random);
  problem.cameras[0].intrinsics = {600, 600, 320, 240, -0.25, 0, 0, 0, 0};
  const auto sigmas = bundle::projection_uncertainty(problem, 0, 400, {320, 240, 900, 240}, {});
  expect(sigmas[0] > 0 && std::isnan(sigmas[1]), "only the first has a ray");
}

}  // namespace

void test_bundle_uncertainty(Suite& suite) {
  suite.run("bundle: claimed sigmas are the real ones", claims_are_honest);
  suite.run("bundle: claimed sigmas count print errors", claims_count_print_errors);
  suite.run("bundle: projections spread as claimed", projections_spread_as_claimed);
  suite.run("bundle: pixels without a ray", pixels_without_a_ray_have_no_uncertainty);
}

}  // namespace nearfar::vision::test
