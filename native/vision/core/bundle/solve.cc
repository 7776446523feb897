#include "solve.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <string>

#include "covariance.h"
#include "minimise.h"
#include "noise.h"
#include "parameters.h"
#include "sights.h"
#include "terms.h"

namespace nearfar::vision::bundle {
namespace {

using Residuals = std::vector<std::vector<std::vector<double>>>;

/// A pose has six numbers: three corners give as many equations but up to four solutions.
constexpr int fewest_corners = 4;

/// Of rejection; outliers beside a good model are gone after two or three.
constexpr int greatest_rounds = 20;

int corners_of(const Sights& sights) {
  return std::accumulate(sights.begin(), sights.end(), 0,
                         [](int sum, const std::vector<Sight>& view) { return sum + kept_corners(view); });
}

void check_views(const Problem& problem, const Sights& sights) {
  for (std::size_t view = 0; view < problem.views.size(); ++view) {
    const int kept = kept_corners(sights[view]);
    if (!problem.views[view].free_pose || kept == 0 || kept >= fewest_corners) continue;
    throw Undetermined("the pose of views[" + std::to_string(view) + "] is not determined by its " +
                       std::to_string(kept) + " corners");
  }
}

void check_start(const Problem& problem, const Residuals& residuals) {
  for (std::size_t view = 0; view < residuals.size(); ++view) {
    for (std::size_t seen = 0; seen < residuals[view].size(); ++seen) {
      const auto& pixels = residuals[view][seen];
      if (std::all_of(pixels.begin(), pixels.end(), [](double px) { return std::isfinite(px); })) continue;
      throw Undetermined("at the start, the board of views[" + std::to_string(view) + "] is not before cameras[" +
                         std::to_string(problem.views[view].observations[seen].camera) + "]");
    }
  }
}

/// Marks what is off by more than `limit_px`, whole views where too little is left. @returns whether it did.
bool mark_outliers(const Problem& problem, const Residuals& residuals, const Rejection& rejection, double spread_px,
                   Sights& sights) {
  const auto off = [&](std::size_t view, std::size_t seen, std::size_t i) {
    const double* px = &residuals[view][seen][2 * i];
    return std::max(std::abs(px[0]), std::abs(px[1])) / (spread_px * sights[view][seen].relative_sigma[i]);
  };
  double worst = 0;
  const auto for_each_kept = [&](auto visit) {
    for (std::size_t view = 0; view < sights.size(); ++view) {
      for (std::size_t seen = 0; seen < sights[view].size(); ++seen) {
        auto& outliers = sights[view][seen].outliers;
        for (std::size_t i = 0; i < outliers.size(); ++i) {
          if (outliers[i] == 0) visit(outliers[i], off(view, seen, i));
        }
      }
    }
  };
  for_each_kept([&](std::uint8_t&, double sigmas) { worst = std::max(worst, sigmas); });
  if (!(worst > rejection.above)) return false;
  for_each_kept([&](std::uint8_t& outlier, double sigmas) { outlier = sigmas > rejection.drop ? 1 : 0; });
  for (std::size_t view = 0; view < sights.size(); ++view) {
    if (!problem.views[view].free_pose || kept_corners(sights[view]) >= fewest_corners) continue;
    for (Sight& sight : sights[view]) std::fill(sight.outliers.begin(), sight.outliers.end(), std::uint8_t{1});
  }
  return true;
}

void write_parameters(const Problem& problem, const Parameters& parameters, Solution& solution) {
  for (int camera = 0; camera < static_cast<int>(problem.cameras.size()); ++camera) {
    Intrinsics intrinsics{};
    std::copy_n(parameters[parameters.intrinsics(camera)].data(), intrinsics_count, intrinsics.begin());
    solution.cameras.emplace_back(intrinsics, pose_of(parameters[parameters.camera_pose(camera)].data()));
  }
  for (int board = 0; board < static_cast<int>(problem.boards.size()); ++board) {
    BoardResult& result = solution.boards.emplace_back();
    if (const int warp = parameters.warp(board); warp >= 0) {
      result.warp_mm = {parameters[warp].values[0], parameters[warp].values[1]};
    }
    const Board& nominal = problem.boards[static_cast<std::size_t>(board)];
    for (int corner = 0; nominal.shape_sigma_mm && corner < nominal.corner_count(); ++corner) {
      const double* offset = parameters[parameters.shape(board, corner)].data();
      result.shape_mm.insert(result.shape_mm.end(), offset, offset + 3);
    }
  }
}

void write_views(const Parameters& parameters, Residuals residuals, Sights sights, Solution& solution) {
  for (std::size_t view = 0; view < residuals.size(); ++view) {
    ViewResult& result = solution.views.emplace_back();
    result.pose = pose_of(parameters[parameters.view_pose(static_cast<int>(view))].data());
    for (std::size_t seen = 0; seen < residuals[view].size(); ++seen) {
      result.observations.push_back({std::move(residuals[view][seen]), std::move(sights[view][seen].outliers)});
    }
  }
}

struct Fit {
  Residuals residuals;
  Noise noise{};
  int iterations = 0;
};

/// Moves the parameters to the least sum of squares, and again as long as corners are rejected, which it marks.
Fit fit_to(const Problem& problem, const Options& options, const Weighing& weighing, Parameters& parameters,
           Sights& sights, const CancelFlag& flag) {
  Fit fit;
  Descent descent{};
  bool again = true;
  for (int round = 0; again; ++round) {
    if (round > greatest_rounds) {
      throw Undetermined("after " + std::to_string(greatest_rounds) + " rounds of rejection there still are outliers");
    }
    const std::vector<Term> terms = terms_of(problem, parameters, sights, weighing);
    descent = minimise(terms, parameters, to_rounding, weighing.noise_px, flag);
    fit.iterations += descent.iterations;
    fit.residuals = residuals_of(problem, parameters);
    fit.noise = noise_of(terms, parameters, sights, fit.residuals, weighing);
    again = options.reject && mark_outliers(problem, fit.residuals, *options.reject, fit.noise.spread_px, sights);
    if (again && corners_of(sights) == 0) throw Undetermined("rejection left no corners");
  }
  if (!descent.converged) {
    throw Undetermined("the solve did not converge in " + std::to_string(greatest_iterations) + " iterations");
  }
  return fit;
}

}  // namespace

Solution solve(const Problem& problem, const Options& options, const CancelFlag& flag) {
  const auto begin = std::chrono::steady_clock::now();
  check_problem(problem);
  check_options(options);
  Parameters parameters(problem);
  Sights sights = sights_of(problem);
  check_views(problem, sights);
  check_start(problem, residuals_of(problem, parameters));
  const Weighing weighing{problem.noise_sigma_px, options.robust_sigmas};
  Solution solution;
  if (options.robust_sigmas) {
    // From a rough start nearly all corners are far out, where the loss is flat and leads nowhere.
    const Weighing plain{problem.noise_sigma_px, std::nullopt};
    const std::vector<Term> terms = terms_of(problem, parameters, sights, plain);
    solution.iterations += minimise(terms, parameters, roughly, plain.noise_px, flag).iterations;
  }
  Fit fit = fit_to(problem, options, weighing, parameters, sights, flag);
  solution.iterations += fit.iterations;
  solution.rms_point_px = fit.noise.rms_point_px;
  solution.noise_sigma_px = fit.noise.sigma_px;
  if (options.covariance) {
    solution.covariance = covariance_of(problem, parameters, sights, solution.noise_sigma_px, flag);
  }
  write_parameters(problem, parameters, solution);
  write_views(parameters, std::move(fit.residuals), std::move(sights), solution);
  solution.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return solution;
}

}  // namespace nearfar::vision::bundle
