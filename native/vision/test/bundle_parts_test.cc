#include <ceres/cost_function.h>

#include <cmath>
#include <memory>

#include "../core/bundle/board_residual.h"
#include "../core/bundle/parameters.h"
#include "../core/bundle/pose_manifold.h"
#include "../core/bundle/prior_residual.h"
#include "../core/bundle/rotation.h"
#include "bundle_test.h"
#include "bundle_world.h"

namespace nearfar::vision::test {
namespace {

using testing::expect_near;

/// A block of seven numbers is a pose and moves as poses do.
std::vector<double> moved(const std::vector<double>& block, int direction, double step) {
  std::vector<double> result = block;
  if (block.size() != 7) {
    result[static_cast<std::size_t>(direction)] += step;
    return result;
  }
  std::array<double, 6> delta{};
  delta[static_cast<std::size_t>(direction)] = step;
  bundle::PoseManifold().Plus(block.data(), delta.data(), result.data());
  return result;
}

std::vector<double> residuals_at(const ceres::CostFunction& cost, const std::vector<std::vector<double>>& blocks) {
  std::vector<const double*> values;
  for (const auto& block : blocks) values.push_back(block.data());
  std::vector<double> residuals(static_cast<std::size_t>(cost.num_residuals()));
  expect(cost.Evaluate(values.data(), residuals.data(), nullptr), "evaluated");
  return residuals;
}

/// Compares all derivatives with central differences.
void expect_derivatives(const ceres::CostFunction& cost, const std::vector<std::vector<double>>& blocks) {
  const auto rows = static_cast<std::size_t>(cost.num_residuals());
  std::vector<const double*> values;
  std::vector<std::vector<double>> jacobians;
  std::vector<double*> targets;
  for (const auto& block : blocks) {
    values.push_back(block.data());
    jacobians.emplace_back(rows * block.size());
  }
  for (auto& jacobian : jacobians) targets.push_back(jacobian.data());
  std::vector<double> residuals(rows);
  expect(cost.Evaluate(values.data(), residuals.data(), targets.data()), "evaluated");
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    const std::size_t columns = blocks[b].size(), directions = columns == 7 ? 6 : columns;
    for (std::size_t direction = 0; direction < directions; ++direction) {
      const double step = 1e-6 * std::max(1.0, std::abs(blocks[b][columns == 7 ? 6 : direction]) / 100);
      auto ahead = blocks, behind = blocks;
      ahead[b] = moved(blocks[b], static_cast<int>(direction), step);
      behind[b] = moved(blocks[b], static_cast<int>(direction), -step);
      const auto high = residuals_at(cost, ahead), low = residuals_at(cost, behind);
      for (std::size_t row = 0; row < rows; ++row) {
        const double slope = (high[row] - low[row]) / (2 * step);
        expect_near(jacobians[b][row * columns + direction], slope, 1e-6 * std::max(1.0, std::abs(slope)),
                    "block " + std::to_string(b) + " by " + std::to_string(direction));
      }
    }
  }
}

std::vector<double> pose_block(const bundle::Pose& pose) {
  const bundle::PoseState state = bundle::state_of(pose);
  return {state.begin(), state.end()};
}

void derivatives_of_corners() {
  const bundle::Intrinsics intrinsics = wide_camera().intrinsics;
  const std::vector<bundle::SeenCorner> corners{{{20, 40, 0}, {0.3, 0.8}, {300, 200}, 0.5},
                                                {{-60, 10, 3}, {1, 0.1}, {350, 260}, 0.4}};
  const std::vector<std::vector<double>> blocks{{intrinsics.begin(), intrinsics.end()},
                                                pose_block({0.1, -0.2, 0.05, 10, 20, 30}),
                                                pose_block({0.5, 2.9, -0.4, -30, 5, 400}),
                                                {0.4, -0.7},
                                                {0.2, 0.1, -0.3}};
  expect_derivatives(bundle::BoardResidual(corners, true, true, std::nullopt), blocks);
  expect_derivatives(bundle::BoardResidual(corners, true, true, 3.0), blocks);
  expect_derivatives(bundle::BoardResidual(corners, false, false, 1e6), {blocks[0], blocks[1], blocks[2]});
}

void loss_is_cauchys() {
  const bundle::Intrinsics pinhole{500, 500, 0, 0, 0, 0, 0, 0, 0};
  const std::vector<bundle::SeenCorner> corners{{{0, 0, 0}, {0, 0}, {-3, -4}, 2}};
  const std::vector<std::vector<double>> blocks{
      {pinhole.begin(), pinhole.end()}, pose_block({}), pose_block({0, 0, 0, 0, 0, 9})};
  const auto residuals = residuals_at(bundle::BoardResidual(corners, false, false, 2.5), blocks);
  const double square = residuals[0] * residuals[0] + residuals[1] * residuals[1];
  expect_near(square, 2.5 * 2.5 * std::log(1 + 100 / (2.5 * 2.5)), 1e-12, "loss of a residual of 10");
}

void derivatives_of_priors() {
  const bundle::Intrinsics intrinsics = wide_camera().intrinsics;
  const std::vector<double> lens{intrinsics.begin(), intrinsics.end()};
  const std::vector<std::vector<double>> poses{pose_block({0.1, -0.02, 0.05, 10, 20, -300}),
                                               pose_block({0.03, 0.02, 0, 11, 22, -500})};
  for (const int parameter : {10, 13}) {
    expect_derivatives(bundle::LinearPriorResidual({{parameter, 1}, {parameter, -1}}, 0, 0.5), {poses[0], poses[1]});
  }
  expect_derivatives(bundle::LinearPriorResidual({{4, 1}}, 0.2, 0.01), {lens});
  expect_derivatives(bundle::SquarePixelsResidual(0.001), {lens});
  expect_derivatives(bundle::ShapeResidual(0.1), {{0.1, 0.2, -0.3}});
}

/// Half the sum of squares.
double cost_at(const ceres::CostFunction& cost, const std::vector<std::vector<double>>& blocks) {
  double sum = 0;
  for (const double residual : residuals_at(cost, blocks)) sum += residual * residual / 2;
  return sum;
}

void gradient_of_a_rail() {
  const bundle::RailResidual rail(4, 0.2);
  const std::vector<std::vector<double>> poses{
      pose_block({0.1, -0.02, 0.05, 10, 20, -300}), pose_block({0.03, 0.02, 0, 11, 22, -500}),
      pose_block({-0.02, 0.01, 0.07, 9, 21, -800}), pose_block({0, 0, 0, 14, 22, -900})};
  std::vector<const double*> values;
  std::vector<std::vector<double>> jacobians(4, std::vector<double>(8 * 7));
  std::vector<double*> targets;
  for (std::size_t i = 0; i < 4; ++i) {
    values.push_back(poses[i].data());
    targets.push_back(jacobians[i].data());
  }
  std::vector<double> residuals(8);
  rail.Evaluate(values.data(), residuals.data(), targets.data());
  for (std::size_t i = 0; i < 4; ++i) {
    for (int direction = 0; direction < 6; ++direction) {
      const double step = direction < 3 ? 1e-7 : 1e-4;
      auto ahead = poses, behind = poses;
      ahead[i] = moved(poses[i], direction, step);
      behind[i] = moved(poses[i], direction, -step);
      const double slope = (cost_at(rail, ahead) - cost_at(rail, behind)) / (2 * step);
      double gradient = 0;
      for (std::size_t row = 0; row < 8; ++row) {
        gradient += residuals[row] * jacobians[i][7 * row + static_cast<std::size_t>(direction)];
      }
      expect_near(gradient, slope, 1e-5 * std::max(1.0, std::abs(slope)), "direction " + std::to_string(direction));
    }
  }
}

void rail_counts_what_no_line_explains() {
  const auto at = [](double x, double z) { return pose_block({0, 0, 0, -x, 0, -z}); };
  std::vector<std::vector<double>> poses{at(0, 0), at(1, 100), at(2, 200), at(3, 300)};
  const bundle::RailResidual rail(4, 0.5);
  expect_equal(rail.rank(4), 4, "equations");
  expect_near(cost_at(rail, poses), 0, 1e-20, "of a slanting line");
  poses = {at(0, 0), at(1, 100), at(-1, 200), at(0, 300)};
  // Least squares by hand: u = 0 1 -1 0 over s = 0 1 2 3 leaves Σ u² - (Σ s u)²/5 = 2 - 1/5.
  expect_near(2 * cost_at(rail, poses), 1.8 / 0.25, 1e-3, "of a zigzag");
}

void rotations_survive_a_half_turn() {
  for (const double angle : {0.0, 1e-9, 3.0, M_PI - 1e-9, M_PI}) {
    const bundle::Pose pose{0.6 * angle, -0.8 * angle, 0, 1, 2, 3};
    const bundle::Pose back = bundle::pose_of(bundle::state_of(pose).data());
    const Eigen::Matrix3d difference =
        bundle::rotation_of(bundle::state_of(pose).data()) - bundle::rotation_of(bundle::state_of(back).data());
    expect_near(difference.norm(), 0, 1e-9, "rotation by " + std::to_string(angle));
  }
}

void impossible_problems_are_refused() {
  std::mt19937 random(1);
  const bundle::Problem good = single_camera_world(2, random);
  const auto refused = [&](const char* text, auto spoil) {
    bundle::Problem problem = good;
    spoil(problem);
    expect_refused(text, [&] { bundle::check_problem(problem); });
  };
  for (const double noise_px : {0.0, 1e-13, 1001.0, HUGE_VAL, std::nan("")}) {
    refused("noiseSigmaPx must", [=](auto& problem) { problem.noise_sigma_px = noise_px; });
  }
  refused("cameras[0].intrinsics needs fx", [](auto& problem) { problem.cameras[0].intrinsics[1] = -1; });
  refused("boards[0].shapeSigmaMm must", [](auto& problem) { problem.boards[0].shape_sigma_mm = NAN; });
  refused("views[1].board is 1, but there are 1", [](auto& problem) { problem.views[1].board = 1; });
  refused("views[0].observations[0].ids is 54", [](auto& problem) { problem.views[0].observations[0].ids[3] = 54; });
  refused("views[0].observations[0].ids holds 7 twice", [](auto& problem) {
    problem.views[0].observations[0].ids[3] = 7;
  });
  refused("views[1].observations[1].camera is 0 as", [](auto& problem) {
    problem.views[1].observations.push_back(problem.views[1].observations[0]);
  });
  refused("pointsPx must hold", [](auto& problem) { problem.views[0].observations[0].points_px.pop_back(); });
  refused("sigmaPx must hold", [](auto& problem) { problem.views[0].observations[0].sigma_px = {1}; });
  refused("priors[0].parameter is 15", [](auto& problem) { problem.priors = {bundle::ValuePrior{0, 15, 0, 1}}; });
  refused("priors[0].cameras", [](auto& problem) { problem.priors = {bundle::RailPrior{{0, 1, 2}, 1}}; });
  refused("priors[0].cameras", [](auto& problem) { problem.priors = {bundle::SamePrior{{0, 0}, 1, 1}}; });
  expect_refused("reject.above", [] {
    bundle::check_options({.robust_sigmas = std::nullopt, .reject = bundle::Rejection{3, 4}, .covariance = false});
  });
}

}  // namespace

void test_bundle_parts(Suite& suite) {
  suite.run("bundle: derivatives of corners", derivatives_of_corners);
  suite.run("bundle: Cauchy's loss", loss_is_cauchys);
  suite.run("bundle: derivatives of priors", derivatives_of_priors);
  suite.run("bundle: gradient of a rail", gradient_of_a_rail);
  suite.run("bundle: a rail is any line", rail_counts_what_no_line_explains);
  suite.run("bundle: rotations up to a half turn", rotations_survive_a_half_turn);
  suite.run("bundle: impossible problems are refused", impossible_problems_are_refused);
}

}  // namespace nearfar::vision::test
