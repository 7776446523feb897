#pragma once

#include <ceres/cost_function.h>

#include <vector>

#include "parameters.h"

namespace nearfar::vision::bundle {

/// A parameter of a camera (0 to 14) that a prior speaks of.
struct PriorParameter {
  int parameter;
  double factor;
};

/// (Σ factor · parameter - value) / sigma over one block (intrinsics or pose) for each parameter.
class LinearPriorResidual : public ceres::CostFunction {
 public:
  LinearPriorResidual(std::vector<PriorParameter> parameters, double value, double sigma);
  bool Evaluate(double const* const* blocks, double* residuals, double** jacobians) const override;

 private:
  std::vector<PriorParameter> parameters_;
  double value_, sigma_;
};

/// (fx / fy - 1) / sigma of a block of intrinsics.
class SquarePixelsResidual : public ceres::CostFunction {
 public:
  explicit SquarePixelsResidual(double sigma);
  bool Evaluate(double const* const* blocks, double* residuals, double** jacobians) const override;

 private:
  double sigma_;
};

/// Offset / sigma of a corner's place.
class ShapeResidual : public ceres::CostFunction {
 public:
  explicit ShapeResidual(double sigma_mm);
  bool Evaluate(double const* const* blocks, double* residuals, double** jacobians) const override;

 private:
  double sigma_mm_;
};

/// Entrance pupils on one line: how far each is beside the line that fits all of them best, / sigma, in two directions
/// across it. The sum of squares is thus the least one over all lines, and the line needs no parameters of its own.
/// Derivatives are what the best line does not follow, (1 - H) times the pupils' own, H being the projector onto lines
/// (1, s) with s along it; as the line is the best one, the gradient is exact (Golub and Pereyra 1973, in Kaufman's
/// form).
class RailResidual : public ceres::CostFunction {
 public:
  RailResidual(int cameras, double sigma_mm);
  bool Evaluate(double const* const* blocks, double* residuals, double** jacobians) const override;
  /// Equations that move with the pupils of so many cameras, the others being fixed: two for each of them, but none
  /// for the first two of all cameras, which a line always fits.
  int rank(int free_cameras) const;

 private:
  int cameras_;
  double sigma_mm_;
};

}  // namespace nearfar::vision::bundle
