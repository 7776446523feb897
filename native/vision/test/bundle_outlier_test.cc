#include <cmath>

#include "../core/bundle/solve.h"
#include "bundle_test.h"
#include "bundle_world.h"

namespace nearfar::vision::test {
namespace {

using bundle::Problem;
using bundle::Solution;
using testing::expect_near;

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

void rejection_ends() {
  std::mt19937 random(16);
  Problem problem = single_camera_world(10, random);
  add_noise(problem, 0.1, random);
  const auto rejecting = [](double sigmas) {
    return bundle::Options{
        .robust_sigmas = std::nullopt, .reject = bundle::Rejection{sigmas, sigmas}, .covariance = false};
  };
  testing::expect_error<bundle::Undetermined>("rejection left no corners",
                                              [&] { bundle::solve(problem, rejecting(0.01), {}); });
  // The sigma of what is cut so close shrinks with every cut, which thus goes on in ever smaller steps.
  testing::expect_error<bundle::Undetermined>("after 20 rounds of rejection",
                                              [&] { bundle::solve(problem, rejecting(1.85), {}); });
}

}  // namespace

void test_bundle_outliers(Suite& suite) {
  suite.run("bundle: planted outliers are rejected", planted_outliers_are_rejected);
  suite.run("bundle: Cauchy's loss holds against outliers", loss_holds_against_outliers);
  suite.run("bundle: weights follow sigmas", weights_follow_sigmas);
  suite.run("bundle: rejection ends", rejection_ends);
}

}  // namespace nearfar::vision::test
