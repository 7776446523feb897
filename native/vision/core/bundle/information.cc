#include "information.h"

#include <array>
#include <cmath>
#include <set>

namespace nearfar::vision::bundle {
namespace {

/// What is left of a parameter's information when all others are unknown too, as a share: below it, rounding (1e-16 of
/// the sums) would be a good part of it. A 180 mm lens' principal point comes to 1e-10.
constexpr double least_share = 1e-13;

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Derivatives of a term by the free directions of its blocks, side by side.
Eigen::MatrixXd derivatives_of(const Term& term, const Parameters& parameters) {
  std::vector<const double*> values;
  std::vector<RowMajor> jacobians;
  std::vector<double*> targets;
  const auto rows = term.cost->num_residuals();
  Eigen::Index columns = 0;
  for (const int block : term.blocks) {
    values.push_back(parameters[block].data());
    jacobians.emplace_back(rows, parameters[block].size);
    columns += static_cast<Eigen::Index>(parameters[block].free.size());
  }
  for (std::size_t i = 0; i < jacobians.size(); ++i) {
    targets.push_back(parameters[term.blocks[i]].free.empty() ? nullptr : jacobians[i].data());
  }
  std::vector<double> residuals(static_cast<std::size_t>(rows));
  if (!term.cost->Evaluate(values.data(), residuals.data(), targets.data())) {
    throw Undetermined("a board is not before its camera");
  }
  Eigen::MatrixXd derivatives(rows, columns);
  Eigen::Index column = 0;
  for (std::size_t i = 0; i < jacobians.size(); ++i) {
    for (const int direction : parameters[term.blocks[i]].free) derivatives.col(column++) = jacobians[i].col(direction);
  }
  return derivatives;
}

}  // namespace

std::string name_of(const Block& block, int direction) {
  static constexpr std::array<const char*, 9> intrinsics{"fx", "fy", "cx", "cy", "k1", "k2", "p1", "p2", "k3"};
  static constexpr std::array<const char*, 3> axes{"x", "y", "z"};
  const auto owner = [&](const char* list) { return std::string(list) + "[" + std::to_string(block.owner) + "]"; };
  const auto pose = std::string(direction < 3 ? "the rotation" : "the translation");
  const std::string axis = axes[static_cast<std::size_t>(direction % 3)];
  switch (block.kind) {
    case BlockKind::intrinsics: return intrinsics[static_cast<std::size_t>(direction)] + (" of " + owner("cameras"));
    case BlockKind::camera_pose: return pose + " of " + owner("cameras") + " along " + axis;
    case BlockKind::view_pose: return pose + " of " + owner("views") + " along " + axis;
    case BlockKind::warp: return "the warp of " + owner("boards") + " along " + axis;
    case BlockKind::shape: return "a corner's place on " + owner("boards");
  }
  return "";
}

Information::Information(const std::vector<Term>& terms, const Parameters& parameters, const CancelFlag& flag)
    : parameters_(parameters) {
  lay_out(terms);
  const auto size = static_cast<Eigen::Index>(columns_.size());
  matrix_ = Eigen::MatrixXd::Zero(size, size);
  for (const Term& term : terms) {
    flag.check();
    add(term);
  }
  scale();
  eliminate_views();
}

Eigen::Index Information::column_of(int block, int direction) const {
  const Eigen::Index first = first_column_[static_cast<std::size_t>(block)];
  const std::vector<int>& free = parameters_[block].free;
  for (std::size_t i = 0; first >= 0 && i < free.size(); ++i) {
    if (free[i] == direction) return first + static_cast<Eigen::Index>(i);
  }
  return -1;
}

void Information::lay_out(const std::vector<Term>& terms) {
  std::set<int> met;
  for (const Term& term : terms) met.insert(term.blocks.begin(), term.blocks.end());
  first_column_.assign(static_cast<std::size_t>(parameters_.count()), -1);
  const auto place = [&](int block) {
    first_column_[static_cast<std::size_t>(block)] = static_cast<Eigen::Index>(columns_.size());
    for (const int direction : parameters_[block].free) columns_.push_back({block, direction});
  };
  const auto place_all = [&](auto wanted) {
    for (int block = 0; block < parameters_.count(); ++block) {
      if (wanted(parameters_[block].kind, block)) place(block);
    }
  };
  place_all([](BlockKind kind, int) { return kind == BlockKind::intrinsics || kind == BlockKind::camera_pose; });
  place_all([](BlockKind kind, int) { return kind == BlockKind::warp; });
  kept_ = static_cast<Eigen::Index>(columns_.size());
  place_all([&](BlockKind kind, int block) { return kind == BlockKind::shape && met.contains(block); });
  for (const int block : met) {
    if (parameters_[block].kind != BlockKind::view_pose || parameters_[block].free.empty()) continue;
    Eliminated& view = eliminated_[block];
    view.factor.setZero();
    view.coupling.setZero(static_cast<Eigen::Index>(columns_.size()), 6);
  }
}

void Information::add(const Term& term) {
  const Eigen::MatrixXd derivatives = derivatives_of(term, parameters_);
  const Eigen::MatrixXd square = derivatives.transpose() * derivatives;
  std::vector<Eigen::Index> targets;  // a column of the matrix, or -1 for the view's pose
  Eliminated* view = nullptr;
  Eigen::Index view_at = 0;
  for (const int block : term.blocks) {
    const auto found = eliminated_.find(block);
    if (found != eliminated_.end()) {
      view = &found->second;
      view_at = static_cast<Eigen::Index>(targets.size());
    }
    for (std::size_t i = 0; i < parameters_[block].free.size(); ++i) {
      const Eigen::Index first = first_column_[static_cast<std::size_t>(block)];
      targets.push_back(first < 0 ? -1 : first + static_cast<Eigen::Index>(i));
    }
  }
  for (Eigen::Index a = 0; a < square.cols(); ++a) {
    const Eigen::Index column = targets[static_cast<std::size_t>(a)];
    if (column < 0) continue;
    if (view != nullptr) view->coupling.row(column) += square.block<1, 6>(a, view_at);
    for (Eigen::Index b = 0; b < square.cols(); ++b) {
      const Eigen::Index row = targets[static_cast<std::size_t>(b)];
      if (row >= 0) matrix_(row, column) += square(b, a);
    }
  }
  if (view != nullptr) view->factor += square.block<6, 6>(view_at, view_at);
}

void Information::scale() {
  scales_.resize(matrix_.rows());
  for (Eigen::Index i = 0; i < scales_.size(); ++i) {
    const Column& column = columns_[static_cast<std::size_t>(i)];
    if (!(matrix_(i, i) > 0)) {
      throw Undetermined(name_of(parameters_[column.block], column.direction) +
                         " is not determined: nothing depends on it");
    }
    scales_[i] = 1 / std::sqrt(matrix_(i, i));
  }
  matrix_ = scales_.asDiagonal() * matrix_ * scales_.asDiagonal();
  for (auto& [block, view] : eliminated_) {
    view.scale = view.factor.diagonal().cwiseSqrt().cwiseInverse();
    view.factor = view.scale.asDiagonal() * view.factor * view.scale.asDiagonal();
    view.coupling = scales_.asDiagonal() * view.coupling * view.scale.asDiagonal();
  }
}

void Information::eliminate_views() {
  Eigen::MatrixXd couplings(matrix_.rows(), 6 * static_cast<Eigen::Index>(eliminated_.size()));
  Eigen::Index at = 0;
  for (auto& [block, view] : eliminated_) {
    const Eigen::LLT<Eigen::Matrix<double, 6, 6>> factored(view.factor);
    view.factor = factored.matrixL();
    const double least = view.factor.diagonal().minCoeff();
    if (factored.info() != Eigen::Success || !(least * least > least_share)) {
      throw Undetermined("the pose of views[" + std::to_string(parameters_[block].owner) +
                         "] is not determined by its corners");
    }
    factored.matrixU().solveInPlace<Eigen::OnTheRight>(view.coupling);
    couplings.middleCols<6>(at) = view.coupling;
    at += 6;
  }
  matrix_.selfadjointView<Eigen::Lower>().rankUpdate(couplings, -1);
  matrix_.triangularView<Eigen::StrictlyUpper>() = matrix_.transpose();
}

Eigen::MatrixXd Information::about_kept() const {
  const Eigen::Index shapes = matrix_.rows() - kept_;
  Eigen::MatrixXd reduced = matrix_.topLeftCorner(kept_, kept_);
  if (shapes == 0) return reduced;
  const Eigen::LLT<Eigen::MatrixXd> factored(matrix_.bottomRightCorner(shapes, shapes));
  if (factored.info() != Eigen::Success) throw Undetermined("the corners' places on the boards are not determined");
  const Eigen::MatrixXd coupling = factored.matrixL().solve(matrix_.bottomLeftCorner(shapes, kept_));
  reduced -= coupling.transpose() * coupling;
  return reduced;
}

Information::Spectrum Information::determined_spectrum() const {
  Spectrum eigen(about_kept());
  if (kept_ == 0 || eigen.eigenvalues()[0] > least_share) return eigen;
  Eigen::Index worst = 0;
  eigen.eigenvectors().col(0).cwiseAbs().maxCoeff(&worst);
  const Column& column = columns_[static_cast<std::size_t>(worst)];
  throw Undetermined(name_of(parameters_[column.block], column.direction) + " is not determined by the observations");
}

Eigen::LLT<Eigen::MatrixXd> Information::reduced_factor() const {
  static_cast<void>(determined_spectrum());
  Eigen::LLT<Eigen::MatrixXd> factored(matrix_);
  if (factored.info() != Eigen::Success) throw Undetermined("the parameters are not determined by the observations");
  return factored;
}

Eigen::MatrixXd Information::covariance() const {
  if (kept_ == 0) return {};
  const Spectrum eigen = determined_spectrum();
  const auto scales = scales_.head(kept_).asDiagonal();
  const Eigen::MatrixXd inverse =
      eigen.eigenvectors() * eigen.eigenvalues().cwiseInverse().asDiagonal() * eigen.eigenvectors().transpose();
  return scales * inverse * scales;
}

}  // namespace nearfar::vision::bundle
