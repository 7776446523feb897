#pragma once

#include "../cancel_flag.h"
#include "field.h"

namespace nearfar::vision::match {

/// The quadratic form  Σ λ (h - target)² + β Σ [w (h_xx² + h_yy²) + w' 2 h_xy²]  of a surface that measurements pull at
/// and that resists bending: a thin plate that may break where w is small.
struct PlateProblem {
  Plane information;  ///< λ, 1/mm²
  Plane pull;         ///< λ · target, 1/mm
  Plane bend;         ///< β w at pixels: their second differences along x and y
  Plane twist;        ///< β w' at the corner between a pixel and its right lower neighbours

  explicit PlateProblem(int size) : information(size), pull(size), bend(size), twist(size) {}
};

/// Conjugate gradients from `surface` on. The order of sums is fixed: results do not depend on the machine's threads.
void relax(const PlateProblem& problem, int steps, Plane& surface, const CancelFlag& flag);

/// Curvature of a surface, h_xx² + h_yy² and h_xy² where the plate has them; 0 at the border.
void curvature_of(const Plane& surface, Plane& bend, Plane& twist);

/// Dᵀ W^½ n of white noise n: what makes samples of the plate's posterior (Papandreou & Yuille, NIPS 2010).
Plane bending_noise(const PlateProblem& problem, unsigned seed);

}  // namespace nearfar::vision::match
