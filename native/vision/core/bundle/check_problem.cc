#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>
#include <string>

#include "problem.h"

namespace nearfar::vision::bundle {
namespace {

/// Corners that were computed instead of seen are off by rounding.
constexpr double least_noise_px = 1e-12;
constexpr double greatest_noise_px = 1000;

[[noreturn]] void refuse(const std::string& member, const std::string& why) {
  throw std::invalid_argument(member + " " + why);
}

std::string item(const char* list, std::size_t index) { return std::string(list) + "[" + std::to_string(index) + "]"; }

template <typename Numbers>
void check_finite(const Numbers& numbers, const std::string& member) {
  const bool finite = std::all_of(numbers.begin(), numbers.end(), [](double value) { return std::isfinite(value); });
  if (!finite) refuse(member, "holds numbers that are not finite");
}

void check_sigma(double sigma, const std::string& member) {
  if (!(sigma > 0 && std::isfinite(sigma))) refuse(member, "must be a number above 0");
}

void check_index(int index, std::size_t count, const std::string& member) {
  const bool known = index >= 0 && static_cast<std::size_t>(index) < count;
  if (!known) refuse(member, "is " + std::to_string(index) + ", but there are " + std::to_string(count));
}

void check_camera(const Camera& camera, const std::string& name) {
  check_finite(camera.intrinsics, name + ".intrinsics");
  check_finite(camera.pose, name + ".pose");
  if (!(camera.intrinsics[0] > 0 && camera.intrinsics[1] > 0)) refuse(name + ".intrinsics", "needs fx and fy above 0");
}

void check_board(const Board& board, const std::string& name) {
  if (board.corners_mm.size() % 3 != 0) refuse(name + ".cornersMm", "must hold x, y and z of each corner");
  check_finite(board.corners_mm, name + ".cornersMm");
  if (board.warp) check_finite(board.warp->start_mm, name + ".warp.startMm");
  if (board.shape_sigma_mm) check_sigma(*board.shape_sigma_mm, name + ".shapeSigmaMm");
}

void check_observation(const Problem& problem, const View& view, const Observation& seen, const std::string& name) {
  check_index(seen.camera, problem.cameras.size(), name + ".camera");
  const auto corners = static_cast<std::size_t>(problem.boards[static_cast<std::size_t>(view.board)].corner_count());
  std::set<std::int32_t> met;
  for (const std::int32_t id : seen.ids) {
    check_index(id, corners, name + ".ids");
    if (!met.insert(id).second) refuse(name + ".ids", "holds " + std::to_string(id) + " twice");
  }
  if (seen.points_px.size() != 2 * seen.ids.size()) refuse(name + ".pointsPx", "must hold x and y of each id");
  check_finite(seen.points_px, name + ".pointsPx");
  if (seen.sigma_px.empty()) return;
  if (seen.sigma_px.size() != seen.ids.size()) refuse(name + ".sigmaPx", "must hold one number for each id");
  for (const double sigma : seen.sigma_px) check_sigma(sigma, name + ".sigmaPx");
}

void check_view(const Problem& problem, const View& view, const std::string& name) {
  check_index(view.board, problem.boards.size(), name + ".board");
  check_finite(view.pose, name + ".pose");
  std::set<int> met;
  for (std::size_t i = 0; i < view.observations.size(); ++i) {
    const Observation& seen = view.observations[i];
    const std::string observation = name + "." + item("observations", i);
    check_observation(problem, view, seen, observation);
    if (!met.insert(seen.camera).second) {
      refuse(observation + ".camera", "is " + std::to_string(seen.camera) + " as in an observation before it");
    }
  }
}

/// Checks the members of a prior; `name` is the prior's.
struct PriorCheck {
  const Problem& problem;
  std::string name;

  void operator()(const ValuePrior& prior) const {
    camera(prior.camera, ".camera");
    parameter(prior.parameter);
    if (!std::isfinite(prior.value)) refuse(name + ".value", "must be a finite number");
    check_sigma(prior.sigma, name + ".sigma");
  }
  void operator()(const SamePrior& prior) const {
    for (const int index : prior.cameras) camera(index, ".cameras");
    if (prior.cameras[0] == prior.cameras[1]) refuse(name + ".cameras", "must be two different ones");
    parameter(prior.parameter);
    check_sigma(prior.sigma, name + ".sigma");
  }
  void operator()(const SquarePixelsPrior& prior) const {
    camera(prior.camera, ".camera");
    check_sigma(prior.sigma, name + ".sigma");
  }
  void operator()(const RailPrior& prior) const {
    for (const int index : prior.cameras) camera(index, ".cameras");
    if (std::set<int>(prior.cameras.begin(), prior.cameras.end()).size() != prior.cameras.size()) {
      refuse(name + ".cameras", "must be different ones");
    }
    check_sigma(prior.sigma, name + ".sigma");
  }
  void camera(int index, const char* member) const { check_index(index, problem.cameras.size(), name + member); }
  void parameter(int number) const { check_index(number, camera_parameters, name + ".parameter"); }
};

}  // namespace

void check_problem(const Problem& problem) {
  for (std::size_t i = 0; i < problem.cameras.size(); ++i) check_camera(problem.cameras[i], item("cameras", i));
  for (std::size_t i = 0; i < problem.boards.size(); ++i) check_board(problem.boards[i], item("boards", i));
  for (std::size_t i = 0; i < problem.views.size(); ++i) check_view(problem, problem.views[i], item("views", i));
  for (std::size_t i = 0; i < problem.priors.size(); ++i) {
    std::visit(PriorCheck{problem, item("priors", i)}, problem.priors[i]);
  }
  const bool plausible = problem.noise_sigma_px >= least_noise_px && problem.noise_sigma_px <= greatest_noise_px;
  if (!plausible) refuse("noiseSigmaPx", "must be 1e-12 to 1000 px");
}

void check_options(const Options& options) {
  if (options.robust_sigmas) check_sigma(*options.robust_sigmas, "robustSigmas");
  if (!options.reject) return;
  check_sigma(options.reject->drop, "reject.drop");
  if (!(options.reject->above >= options.reject->drop)) refuse("reject.above", "must not be below reject.drop");
}

}  // namespace nearfar::vision::bundle
