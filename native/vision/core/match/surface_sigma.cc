#include "surface_sigma.h"

#include <algorithm>
#include <cmath>

#include "refine_surface.h"

namespace nearfar::vision::match {
namespace {
constexpr int samples = 10;
constexpr int solver_steps = 60;
constexpr double join_px = 1.5;
}  // namespace

Plane posterior_sigma(const PlateProblem& fine, const Plane& depth, const Level& own, const Level& own_coarse,
                      int level, const CancelFlag& flag) {
  Plane coarse, coarse_weight, unused;
  halve(depth, own.weight, coarse, coarse_weight);
  PlateProblem problem(coarse.size);
  halve(fine.information, Plane(depth.size, 1), problem.information, unused);
  for (float& information : problem.information.values) information *= 4;
  pose_plate(coarse, own_coarse, level + 1, problem);
  Plane squares(coarse.size);
  for (int k = 0; k < samples; k++) {
    problem.pull = bending_noise(problem, 1 + static_cast<unsigned>(k));
    Plane sample(coarse.size);
    relax(problem, solver_steps, sample, flag);
    for (std::size_t i = 0; i < squares.values.size(); i++) {
      squares.values[i] += sample.values[i] * sample.values[i] / samples;
    }
  }
  Plane spread = coarse_weight;
  for (std::size_t i = 0; i < squares.values.size(); i++) squares.values[i] *= coarse_weight.values[i];
  blur_exactly(squares, join_px);
  blur_exactly(spread, join_px);
  for (std::size_t i = 0; i < squares.values.size(); i++) {
    squares.values[i] = std::sqrt(squares.values[i] / std::max(spread.values[i], 1e-6F));
  }
  return squares;
}

}  // namespace nearfar::vision::match
