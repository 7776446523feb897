#include "terms.h"

#include <algorithm>
#include <set>

#include "board_residual.h"
#include "prior_residual.h"
#include "projection.h"

namespace nearfar::vision::bundle {
namespace {

class TermList {
 public:
  TermList(const Problem& problem, const Parameters& parameters, const Weighing& weighing)
      : problem_(problem), parameters_(parameters), weighing_(weighing) {
    for (const Board& board : problem.boards) shares_.push_back(warp_shares(board));
  }

  void add(int view, const Observation& seen, const Sight& sight) {
    const int board = problem_.views[static_cast<std::size_t>(view)].board;
    const int warp = parameters_.warp(board);
    std::vector<int> blocks{parameters_.intrinsics(seen.camera), parameters_.camera_pose(seen.camera),
                            parameters_.view_pose(view)};
    if (warp >= 0) blocks.push_back(warp);
    std::vector<SeenCorner> corners;
    for (std::size_t i = 0; i < seen.ids.size(); ++i) {
      if (sight.outliers[i] != 0) continue;
      corners.push_back(corner(board, seen, sight, i));
      const int shape = parameters_.shape(board, seen.ids[i]);
      if (shape < 0) continue;
      shapes_.insert(shape);
      std::vector<int> with_shape = blocks;
      with_shape.push_back(shape);
      push(std::make_unique<BoardResidual>(std::move(corners), warp >= 0, true, weighing_.cauchy), with_shape, true);
      corners.clear();
    }
    if (corners.empty()) return;
    push(std::make_unique<BoardResidual>(std::move(corners), warp >= 0, false, weighing_.cauchy), blocks, true);
  }

  void add_shapes() {
    for (const int shape : shapes_) {
      const Board& board = problem_.boards[static_cast<std::size_t>(parameters_[shape].owner)];
      push(std::make_unique<ShapeResidual>(*board.shape_sigma_mm), {shape}, false);
    }
  }

  void operator()(const ValuePrior& prior) {
    if (!is_free(prior.camera, prior.parameter)) return;
    push(std::make_unique<LinearPriorResidual>(std::vector<PriorParameter>{{prior.parameter, 1}}, prior.value,
                                               prior.sigma),
         {block_of(prior.camera, prior.parameter)}, false);
  }

  void operator()(const SamePrior& prior) {
    const auto [a, b] = prior.cameras;
    const int parameter = prior.parameter;
    if (!is_free(a, parameter) && !is_free(b, parameter)) return;
    push(std::make_unique<LinearPriorResidual>(std::vector<PriorParameter>{{parameter, 1}, {parameter, -1}}, 0,
                                               prior.sigma),
         {block_of(a, parameter), block_of(b, parameter)}, false);
  }

  void operator()(const SquarePixelsPrior& prior) {
    if (!is_free(prior.camera, 0) && !is_free(prior.camera, 1)) return;
    push(std::make_unique<SquarePixelsResidual>(prior.sigma), {parameters_.intrinsics(prior.camera)}, false);
  }

  void operator()(const RailPrior& prior) {
    std::vector<int> blocks;
    int free = 0;
    for (const int camera : prior.cameras) {
      blocks.push_back(parameters_.camera_pose(camera));
      free += parameters_[blocks.back()].free.empty() ? 0 : 1;
    }
    auto rail = std::make_unique<RailResidual>(static_cast<int>(blocks.size()), prior.sigma);
    const int rank = rail->rank(free);
    if (rank == 0) return;
    push(std::move(rail), blocks, false);
    terms_.back().equations = rank;
  }

  std::vector<Term> take() { return std::move(terms_); }

 private:
  SeenCorner corner(int board, const Observation& seen, const Sight& sight, std::size_t i) const {
    const auto id = static_cast<std::size_t>(seen.ids[i]);
    return {.nominal_mm = Eigen::Vector3d(&problem_.boards[static_cast<std::size_t>(board)].corners_mm[3 * id]),
            .warp_by = shares_[static_cast<std::size_t>(board)][id],
            .seen_px = Eigen::Vector2d(&seen.points_px[2 * i]),
            .weight = 1 / (weighing_.noise_px * sight.relative_sigma[i])};
  }

  int block_of(int camera, int parameter) const {
    return parameter < intrinsics_count ? parameters_.intrinsics(camera) : parameters_.camera_pose(camera);
  }

  bool is_free(int camera, int parameter) const {
    const std::vector<int>& free = parameters_[block_of(camera, parameter)].free;
    const int direction = parameter < intrinsics_count ? parameter : parameter - intrinsics_count;
    return std::find(free.begin(), free.end(), direction) != free.end();
  }

  void push(std::unique_ptr<ceres::CostFunction> cost, const std::vector<int>& blocks, bool observed) {
    const int residuals = cost->num_residuals();
    terms_.push_back({std::move(cost), blocks, observed, residuals});
  }

  const Problem& problem_;
  const Parameters& parameters_;
  Weighing weighing_;
  std::vector<std::vector<std::array<double, 2>>> shares_;
  std::set<int> shapes_;
  std::vector<Term> terms_;
};

}  // namespace

std::vector<Term> terms_of(const Problem& problem, const Parameters& parameters, const Sights& sights,
                           const Weighing& weighing) {
  TermList terms(problem, parameters, weighing);
  for (std::size_t view = 0; view < problem.views.size(); ++view) {
    const auto& observations = problem.views[view].observations;
    for (std::size_t i = 0; i < observations.size(); ++i) {
      terms.add(static_cast<int>(view), observations[i], sights[view][i]);
    }
  }
  terms.add_shapes();
  for (const Prior& prior : problem.priors) std::visit(terms, prior);
  return terms.take();
}

}  // namespace nearfar::vision::bundle
