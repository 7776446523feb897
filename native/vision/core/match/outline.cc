#include "outline.h"

#include <algorithm>
#include <cmath>

#include "refine_surface.h"
#include "surface_sigma.h"

namespace nearfar::vision::match {
namespace {

/// From the edge to where its sides are looked at, in steps of, and to at most: beyond an eye, px of the level.
constexpr int aside_px = 6;
constexpr int farthest_aside_px = 48;
/// How far the edge's equations reach, and how far its least traces do, px.
constexpr int reach_px = 4;
constexpr int inside_reach_px = 8;
constexpr int solver_steps = 60;
/// Of an edge that may be an outline (`contrast_at`).
constexpr float least_contrast = 2;
/// A depth with this sigma is not known; sides that differ by this much are not one surface, mm.
constexpr float unknown_mm = 30;
constexpr float apart_mm = 12;

void clear_around(Plane& field, int x, int y, int reach) {
  const int last = field.size - 1;
  for (int j = std::max(0, y - reach); j <= std::min(last, y + reach); j++) {
    for (int i = std::max(0, x - reach); i <= std::min(last, x + reach); i++) field.at(i, j) = 0;
  }
}

/// The surface that the insides of surfaces tell, without what strong edges say.
struct Insides {
  Plane depth;
  Plane sigma_mm;
};

Insides insides_of(const PlateProblem& problem, const Plane& depth, const Level& own, const Level& own_coarse,
                   int level, const CancelFlag& flag) {
  const int size = depth.size;
  Plane inside(size, 1);
  for (int y = 1; y + 1 < size; y++) {
    for (int x = 1; x + 1 < size; x++) {
      if (contrast_at(own.signal, x, y) >= least_contrast) clear_around(inside, x, y, inside_reach_px);
    }
  }
  PlateProblem bare = problem;
  for (std::size_t i = 0; i < inside.values.size(); i++) {
    if (inside.values[i] > 0) continue;
    bare.information.values[i] = static_cast<float>(ground_information);
    bare.pull.values[i] = static_cast<float>(ground_information) * depth.values[i];
  }
  Insides insides{depth, Plane()};
  relax(bare, solver_steps, insides.depth, flag);
  const Plane sigma = posterior_sigma(bare, depth, own, own_coarse, level, flag);
  insides.sigma_mm = doubled(sigma, sigma.size * 2);
  return insides;
}

struct Aside {
  bool known;
  float depth;
  float sigma_mm;
};

/// The first place on one side of an edge whose depth is known: eyes end no surface, though little is known in them.
Aside aside(const Insides& insides, int x, int y, float dx, float dy) {
  const int last = insides.depth.size - 1;
  for (int step = aside_px; step <= farthest_aside_px; step += aside_px) {
    const int px = std::clamp(x + static_cast<int>(std::lround(static_cast<float>(step) * dx)), 0, last);
    const int py = std::clamp(y + static_cast<int>(std::lround(static_cast<float>(step) * dy)), 0, last);
    const float sigma = insides.sigma_mm.at(px, py);
    if (sigma < unknown_mm) return {true, insides.depth.at(px, py), sigma};
  }
  return {false, 0, 0};
}

}  // namespace

Plane trust_of(const PlateProblem& problem, const Plane& surface, const Level& own, const Level& own_coarse, int level,
               const CancelFlag& flag) {
  const Insides insides = insides_of(problem, surface, own, own_coarse, level, flag);
  const Plane& signal = own.signal;
  const int size = signal.size;
  Plane trust(size, 1);
  for (int y = 1; y + 1 < size; y++) {
    for (int x = 1; x + 1 < size; x++) {
      if (contrast_at(signal, x, y) < least_contrast) continue;
      const float across = signal.at(x + 1, y) - signal.at(x - 1, y);
      const float down = signal.at(x, y + 1) - signal.at(x, y - 1);
      const float length = std::max(1e-9F, std::hypot(across, down));
      const Aside ahead = aside(insides, x, y, across / length, down / length);
      const Aside behind = aside(insides, x, y, -across / length, -down / length);
      if (ahead.known && behind.known) {
        const float apart = std::abs(ahead.depth - behind.depth);
        if (apart < apart_mm + 2 * std::hypot(ahead.sigma_mm, behind.sigma_mm)) continue;
      }
      clear_around(trust, x, y, reach_px);
    }
  }
  return trust;
}

}  // namespace nearfar::vision::match
