#include "minimise.h"

#include <ceres/ceres.h>
#include <glog/logging.h>

#include <algorithm>
#include <map>
#include <memory>

#include "pose_manifold.h"

namespace nearfar::vision::bundle {
namespace {

class StopWhenCancelled : public ceres::IterationCallback {
 public:
  explicit StopWhenCancelled(const CancelFlag& flag) : flag_(flag) {}
  ceres::CallbackReturnType operator()(const ceres::IterationSummary&) override {
    return flag_.is_cancelled() ? ceres::SOLVER_ABORT : ceres::SOLVER_CONTINUE;
  }

 private:
  const CancelFlag& flag_;
};

ceres::Problem::Options nothing_owned() {
  ceres::Problem::Options options;
  options.cost_function_ownership = ceres::DO_NOT_TAKE_OWNERSHIP;
  options.manifold_ownership = ceres::DO_NOT_TAKE_OWNERSHIP;
  return options;
}

/// Terms and blocks as Ceres wants them; outlives the solve.
class CeresProblem {
 public:
  CeresProblem(const std::vector<Term>& terms, Parameters& parameters) : problem_(nothing_owned()) {
    std::vector<double*> values;
    for (const Term& term : terms) {
      values.clear();
      for (const int block : term.blocks) values.push_back(parameters[block].data());
      problem_.AddResidualBlock(term.cost.get(), nullptr, values);
    }
    for (int i = 0; i < parameters.count(); ++i) {
      if (problem_.HasParameterBlock(parameters[i].data())) describe(parameters[i]);
    }
  }

  ceres::Problem& problem() { return problem_; }
  bool anything_free() const { return anything_free_; }
  /// Poses of views are eliminated first: no two of them meet in a term.
  const std::shared_ptr<ceres::ParameterBlockOrdering>& ordering() const { return ordering_; }

 private:
  void describe(Block& block) {
    if (block.free.empty()) {
      problem_.SetParameterBlockConstant(block.data());
      return;
    }
    anything_free_ = true;
    ordering_->AddElementToGroup(block.data(), block.kind == BlockKind::view_pose ? 0 : 1);
    if (block.size == 7) {
      problem_.SetManifold(block.data(), &pose_);
    } else if (static_cast<int>(block.free.size()) < block.size) {
      problem_.SetManifold(block.data(), subset(block));
    }
  }

  ceres::Manifold* subset(const Block& block) {
    std::vector<int> fixed;
    for (int i = 0; i < block.size; ++i) {
      if (std::find(block.free.begin(), block.free.end(), i) == block.free.end()) fixed.push_back(i);
    }
    subsets_.push_back(std::make_unique<ceres::SubsetManifold>(block.size, fixed));
    return subsets_.back().get();
  }

  PoseManifold pose_;
  std::vector<std::unique_ptr<ceres::Manifold>> subsets_;
  ceres::Problem problem_;
  std::shared_ptr<ceres::ParameterBlockOrdering> ordering_ = std::make_shared<ceres::ParameterBlockOrdering>();
  bool anything_free_ = false;
};

/// Ceres reports each step that fails to stderr by glog, where it belongs to nobody: the solve's outcome says it all.
void keep_ceres_quiet() {
  static const bool once = [] {
    FLAGS_minloglevel = google::GLOG_FATAL;
    return true;
  }();
  static_cast<void>(once);
}

}  // namespace

Descent minimise(const std::vector<Term>& terms, Parameters& parameters, double tolerance, double noise_px,
                 const CancelFlag& flag) {
  flag.check();
  keep_ceres_quiet();
  CeresProblem described(terms, parameters);
  if (!described.anything_free()) return {0, true};
  StopWhenCancelled stop(flag);
  ceres::Solver::Options options;
  options.linear_solver_type = ceres::DENSE_SCHUR;
  options.linear_solver_ordering = described.ordering();
  options.max_num_iterations = greatest_iterations;
  // Long lenses leave directions a millionth as well determined as others; the usual 1e4 would damp them for long.
  options.initial_trust_region_radius = 1e8;
  options.function_tolerance = tolerance;
  // Of Σ r² in px²: the result must not depend on the noise that was given, by which the terms are scaled.
  options.gradient_tolerance = 1e-14 / (noise_px * noise_px);
  options.parameter_tolerance = 1e-11;
  options.logging_type = ceres::SILENT;
  options.callbacks = {&stop};
  ceres::Solver::Summary summary;
  ceres::Solve(options, &described.problem(), &summary);
  flag.check();
  if (summary.termination_type == ceres::FAILURE) {
    throw Undetermined("the solve broke down: " + summary.message);
  }
  return {static_cast<int>(summary.iterations.size()) - 1, summary.termination_type == ceres::CONVERGENCE};
}

}  // namespace nearfar::vision::bundle
