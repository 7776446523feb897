#pragma once

#include "../cancel_flag.h"
#include "geometry.h"
#include "pyramid.h"
#include "smooth_solve.h"

namespace nearfar::vision::match {

/// What every pixel is held by, so that no surface is left adrift, 1/mm².
constexpr double ground_information = 1e-7;

struct RefineOptions {
  int level = 0;          ///< how often the level was halved
  int warps = 3;
  int solver_steps = 30;
  /// Pixels whose equations count: 1, or 0 for those that deceive; null: all.
  const Plane* trust = nullptr;
};

/// Surface with what holds it: the last quadratic form, whose inverse is the surface's covariance.
struct Refined {
  Plane depth;
  PlateProblem problem;

  explicit Refined(int size) : depth(size), problem(size) {}
};

/// Contrast of a pixel with its neighbours, over that of an outline: above 1 the plate gives way there.
float contrast_at(const Plane& signal, int x, int y);

/// What bending costs: less where the surface bends much or the image has an edge, nothing outside. For a level that
/// was halved `level` times.
void pose_plate(const Plane& depth, const Level& own, int level, PlateProblem& problem);

/// Improves a surface until the images agree, step by step (Gauss-Newton):
///
/// - The difference of the images, other(place(p, h)) - gain · own(p), is linear in h near the last surface. The gain is
///   free within a wide blur, and what it takes out of the difference it takes out of the slopes too.
/// - Details and what is broader make equations of their own, each weighed by the variance that its differences show
///   nearby: noise disturbs details, shine and shading that differ between the arms disturb what is broad.
/// - Information is the product of both arms' slopes: noise, independent in the arms, adds nothing to it on average.
/// - Pixels that little is known of are carried by a thin plate, which breaks at steps and outlines (PlateProblem).
Refined refine(const Level& own, const Level& other, const Mapper& mapper, Plane start, double from_mm, double to_mm,
               const RefineOptions& options, const CancelFlag& flag);

}  // namespace nearfar::vision::match
