#include "radial_match.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "../parallel.h"
#include "hidden.h"
#include "likeness.h"
#include "outline.h"
#include "pyramid.h"
#include "refine_surface.h"
#include "sweep.h"
#include "surface_sigma.h"
#include "visibility.h"

namespace nearfar::vision::match {
namespace {

constexpr int coarsest = 2;
constexpr int finest = 1;
constexpr int coarse_warps = 6;
constexpr int warps = 4;
constexpr int solver_steps = 30;
/// How far a surface is continued beyond what was measured of it, px.
constexpr int reach_px = 40;

void check(const Request& request) {
  const auto& [near, far, geometry, from_mm, to_mm] = request;
  if (geometry.size < 64 || geometry.size > 8192 || geometry.size % 4 != 0) {
    throw std::invalid_argument("the side of the images must be a multiple of 4 from 64 to 8192");
  }
  if (!(geometry.near_depth_mm > 0 && geometry.far_depth_mm > geometry.near_depth_mm)) {
    throw std::invalid_argument("the near pupil must be nearer than the far one");
  }
  if (!(from_mm < to_mm && to_mm < geometry.near_depth_mm)) {
    throw std::invalid_argument("the depths to search must rise and end before the near pupil");
  }
  const std::size_t pixels = static_cast<std::size_t>(geometry.size) * geometry.size;
  for (const Image* image : {&near, &far}) {
    if (image->channels != 1 && image->channels != 3) throw std::invalid_argument("images have 1 or 3 channels");
    if (image->samples.size() != pixels * image->channels || image->flags.size() != pixels) {
      throw std::invalid_argument("an image is not of the size that is given");
    }
  }
}

/// Each pixel four times.
Plane repeated(const Plane& coarse) {
  Plane fine(coarse.size * 2);
  for (int y = 0; y < fine.size; y++) {
    for (int x = 0; x < fine.size; x++) fine.at(x, y) = coarse.at(x / 2, y / 2);
  }
  return fine;
}

/// One arm's match with all that it takes.
class OneSide {
 public:
  OneSide(const Pyramid& own, const Pyramid& other, const Request& request, Arm arm, const CancelFlag& flag)
      : own_(own), other_(other), request_(request), arm_(arm), flag_(flag), geometry_{request.geometry} {
    for (int k = 1; k <= coarsest; k++) geometry_[k] = geometry_[k - 1].halved();
  }

  Surface surface() const {
    Plane depth = sweep(own_.levels[coarsest], other_.levels[coarsest], mapper(coarsest), request_.from_mm,
                        request_.to_mm, flag_);
    for (int level = coarsest; level > finest; level--) {
      depth = refined(level, std::move(depth), coarse_warps, nullptr).depth;
      depth = doubled(depth, depth.size * 2);
    }
    const Refined first = refined(finest, std::move(depth), warps, nullptr);
    const Level &own = own_.levels[finest], &coarse = own_.levels[finest + 1];
    const Plane trust = trust_of(first.problem, first.depth, own, coarse, finest, flag_);
    const Refined last = refined(finest, first.depth, warps, &trust);
    const Plane sigma = posterior_sigma(last.problem, last.depth, own, coarse, finest, flag_);
    const int size = request_.geometry.size;
    Plane half, weight;
    halve(last.depth, own.weight, half, weight);
    const Plane likeness =
        likeness_of(own_.levels[finest + 1], other_.levels[finest + 1], mapper(finest + 1), half);
    return {doubled(last.depth, size), doubled(doubled(sigma, sigma.size * 2), size), repeated(trust),
            doubled(doubled(likeness, likeness.size * 2), size)};
  }

 private:
  Mapper mapper(int level) const { return Mapper(geometry_[level], arm_); }
  Refined refined(int level, Plane start, int steps, const Plane* trust) const {
    return refine(own_.levels[level], other_.levels[level], mapper(level), std::move(start), request_.from_mm,
                  request_.to_mm, {level, steps, solver_steps, trust}, flag_);
  }

  const Pyramid& own_;
  const Pyramid& other_;
  const Request& request_;
  Arm arm_;
  const CancelFlag& flag_;
  std::array<Geometry, coarsest + 1> geometry_;
};

}  // namespace

Match match_radially(const Request& request, std::size_t threads, const CancelFlag& flag) {
  check(request);
  const int size = request.geometry.size;
  std::array<Pyramid, 2> pyramids;
  for_each_index(threads, 2, flag, [&](std::size_t arm) {
    pyramids[arm] = pyramid_of(arm == 0 ? request.near : request.far, size, coarsest + 1);
  });
  std::array<Surface, 2> surfaces;
  for_each_index(threads, 2, flag, [&](std::size_t arm) {
    const Arm own = arm == 0 ? Arm::near : Arm::far;
    surfaces[arm] = OneSide(pyramids[arm], pyramids[1 - arm], request, own, flag).surface();
  });
  const std::array<Mapper, 2> mappers{Mapper(request.geometry, Arm::near), Mapper(request.geometry, Arm::far)};
  std::array<Field<std::uint8_t>, 2> known;
  for (std::size_t arm = 0; arm < 2; arm++) {
    known[arm] = known_of(surfaces[arm], pyramids[arm].levels[0].weight, mappers[arm], request.from_mm, request.to_mm);
  }
  std::array<DepthView, 2> views;
  for_each_index(threads, 2, flag, [&](std::size_t arm) {
    views[arm] = agreed(surfaces[arm], surfaces[1 - arm], known[arm], known[1 - arm], mappers[arm]);
  });
  std::array<Side, 2> sides{Side{surfaces[0], pyramids[0].levels[0].signal, pyramids[0].levels[0].weight, views[0]},
                            Side{surfaces[1], pyramids[1].levels[0].signal, pyramids[1].levels[0].weight, views[1]}};
  std::array<Field<std::uint8_t>, 2> measured;
  for_each_index(threads, 2, flag, [&](std::size_t arm) { measured[arm] = surroundings_of(sides[arm], reach_px); });
  for_each_index(threads, 2, flag, [&](std::size_t arm) {
    look_for_hidden(sides[arm], measured[arm], sides[1 - arm], measured[1 - arm], mappers[1 - arm]);
  });
  return {std::move(views[0]), std::move(views[1])};
}

}  // namespace nearfar::vision::match
