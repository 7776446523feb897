#pragma once

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <map>
#include <string>
#include <vector>

#include "../cancel_flag.h"
#include "parameters.h"
#include "terms.h"

namespace nearfar::vision::bundle {

/// The information Jᵀ J of a sum of terms about the free parameters, with the poses of views eliminated.
///
/// Columns are those of cameras and warps (`kept`), then those of shapes. All are scaled so that each alone would
/// have information 1; scales() undoes it.
class Information {
 public:
  /// What a view's pose says of the other columns.
  struct Eliminated {
    Eigen::Matrix<double, 6, 6> factor;  ///< lower triangle L of the pose's own information L Lᵀ, scaled
    Eigen::Matrix<double, 6, 1> scale;
    Eigen::Matrix<double, Eigen::Dynamic, 6> coupling;  ///< columns × pose, scaled, times L⁻ᵀ
  };

  /// @throws Undetermined when a view's pose is not determined by its corners, Cancelled.
  Information(const std::vector<Term>& terms, const Parameters& parameters, const CancelFlag& flag);

  struct Column {
    int block, direction;
  };
  const std::vector<Column>& columns() const { return columns_; }
  Eigen::Index kept() const { return kept_; }
  const Eigen::VectorXd& scales() const { return scales_; }
  /// Of a direction of a block; -1 when it is not free.
  Eigen::Index column_of(int block, int direction) const;
  /// By the block of the view's pose.
  const std::map<int, Eliminated>& eliminated() const { return eliminated_; }
  /// Factor of the scaled information about all columns, the poses of views eliminated.
  /// @throws Undetermined that names a parameter.
  Eigen::LLT<Eigen::MatrixXd> reduced_factor() const;
  /// Covariance of the kept columns, unscaled, everything else marginalised.
  /// @throws Undetermined that names the parameter.
  Eigen::MatrixXd covariance() const;

 private:
  void lay_out(const std::vector<Term>& terms);
  void add(const Term& term);
  void scale();
  void eliminate_views();
  /// Information about the kept columns, the shapes eliminated too.
  Eigen::MatrixXd about_kept() const;
  using Spectrum = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>;
  /// Of that information; throws Undetermined when it is singular.
  Spectrum determined_spectrum() const;

  const Parameters& parameters_;
  std::vector<Column> columns_;
  std::vector<Eigen::Index> first_column_;  // by block; -1
  Eigen::Index kept_ = 0;
  Eigen::MatrixXd matrix_;
  Eigen::VectorXd scales_;
  std::map<int, Eliminated> eliminated_;
};

/// "fx of cameras[0]", "the translation of cameras[1] along x" …
std::string name_of(const Block& block, int direction);

}  // namespace nearfar::vision::bundle
