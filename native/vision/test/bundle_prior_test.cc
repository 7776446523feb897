#include <Eigen/Geometry>
#include <array>
#include <cmath>

#include "../core/bundle/noise.h"
#include "../core/bundle/parameters.h"
#include "../core/bundle/rotation.h"
#include "../core/bundle/solve.h"
#include "../core/bundle/terms.h"
#include "bundle_test.h"
#include "bundle_world.h"

namespace nearfar::vision::test {
namespace {

using bundle::Problem;
using bundle::Solution;
using testing::expect_near;

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

/// Four cameras about a rail, whose pupils are up to half of `off_mm` beside it.
Problem rail_world(double off_mm, std::mt19937& random) {
  Problem problem{.cameras = {}, .boards = {flat_board(9, 6)}, .views = {}, .priors = {}};
  const std::array<double, 4> aside{0, 0.5 * off_mm, -0.4 * off_mm, 0.2 * off_mm};
  for (std::size_t i = 0; i < 4; ++i) {
    bundle::Camera camera = wide_camera();
    camera.free_pose = i > 0;
    const auto stop = static_cast<double>(i);
    camera.pose = {0.01 * aside[i], 0, 0, -3 * stop + aside[i], aside[i], 40 * stop};
    problem.cameras.push_back(camera);
  }
  add_views(problem, 8, random);
  observe(problem);
  return problem;
}

void pupils_are_held_on_a_rail() {
  std::mt19937 random(15);
  Problem problem = rail_world(1, random);
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

void rails_count_by_free_cameras() {
  std::mt19937 random(16);
  Problem problem = rail_world(1, random);
  problem.priors = {bundle::RailPrior{{0, 1, 2, 3}, 0.5}};
  const std::array<int, 5> expected{4, 4, 4, 2, 0};
  for (std::size_t fixed = 0; fixed < expected.size(); ++fixed) {
    for (std::size_t i = 0; i < 4; ++i) problem.cameras[i].free_pose = i >= fixed;
    const bundle::Parameters parameters(problem);
    int count = 0;
    for (const bundle::Term& term :
         bundle::terms_of(problem, parameters, bundle::sights_of(problem), {1, std::nullopt})) {
      if (!term.observed) count += term.equations;
    }
    expect_equal(count, expected[fixed], "equations with " + std::to_string(fixed) + " cameras fixed");
  }
}

/// Where a camera on a rail is found spreads as the covariance claims, when pupils lie off the line as the prior says.
void sigmas_on_a_rail_are_honest() {
  constexpr int trials = 40;
  constexpr double rail_mm = 0.02;
  std::mt19937 random(17);
  std::normal_distribution<double> off(0, rail_mm);
  Problem straight = rail_world(0, random);
  straight.views.resize(3);
  straight.priors = {bundle::RailPrior{{0, 1, 2, 3}, rail_mm}};
  straight.noise_sigma_px = 0.1;
  double squares = 0;
  for (int trial = 0; trial < trials; ++trial) {
    Problem truth = straight;
    for (bundle::Camera& camera : truth.cameras) {
      camera.pose[3] += off(random);
      camera.pose[4] += off(random);
    }
    observe(truth);
    Problem problem = truth;
    add_noise(problem, 0.1, random);
    const Solution solution = bundle::solve(problem, {}, {});
    const auto& [parameters, values] = solution.covariance;
    const std::size_t x = 9 + 15 + 12;
    expect(parameters[x].owner == 2 && parameters[x].parameter == 12, "x of the third camera's translation");
    const double variance = values[x * (parameters.size() + 1)];
    squares += std::pow(solution.cameras[2].second[3] - truth.cameras[2].pose[3], 2) / variance / trials;
    if (trial > 0) continue;
    problem.priors.clear();
    const Solution loose = bundle::solve(problem, {}, {});
    expect(variance < 0.9 * loose.covariance.values[x * (parameters.size() + 1)], "a rail says where its cameras are");
  }
  expect_near(squares, 1, 4 * std::sqrt(2.0 / trials), "square of the deviation in claimed sigmas");
}

}  // namespace

void test_bundle_priors(Suite& suite) {
  suite.run("bundle: priors are weighed", priors_are_weighed);
  suite.run("bundle: cameras share what priors tie", cameras_share_what_priors_tie);
  suite.run("bundle: pupils are held on a rail", pupils_are_held_on_a_rail);
  suite.run("bundle: rails count by the cameras that are free", rails_count_by_free_cameras);
  suite.run("bundle: claimed sigmas on a rail", sigmas_on_a_rail_are_honest);
}

}  // namespace nearfar::vision::test
