#include "hidden.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace nearfar::vision::match {
namespace {

using Mask = Field<std::uint8_t>;

/// The range of the signal around an outline is taken over this far, px: beyond its blur.
constexpr int outline_reach_px = 6;
/// Neighbours that come to lie farther apart than this are of two surfaces, px.
constexpr double torn_px = 4;
constexpr std::array<std::array<int, 2>, 4> neighbours{{{1, 0}, {-1, 0}, {0, 1}, {0, -1}}};

/// Whether a pixel of an outline still looks like the surface that it was reached from: on its side of the middle
/// between the brightest and the darkest around.
bool belongs(const Plane& signal, int x, int y, float surface) {
  const int last = signal.size - 1;
  float least = signal.at(x, y), most = least;
  for (int j = std::max(0, y - outline_reach_px); j <= std::min(last, y + outline_reach_px); j++) {
    for (int i = std::max(0, x - outline_reach_px); i <= std::min(last, x + outline_reach_px); i++) {
      least = std::min(least, signal.at(i, j));
      most = std::max(most, signal.at(i, j));
    }
  }
  return std::abs(signal.at(x, y) - surface) < 0.5F * (most - least);
}

struct Front {
  int x;
  int y;
  float surface;  ///< the signal before the outline
};

/// Marks the segment between two places.
void mark(Mask& covered, const Place& from, const Place& to) {
  const double length = std::hypot(to.x - from.x, to.y - from.y);
  if (!(length <= torn_px)) return;
  const int steps = 1 + static_cast<int>(2 * length);
  for (int k = 0; k <= steps; k++) {
    const double share = static_cast<double>(k) / steps;
    const int x = static_cast<int>(std::lround(from.x + share * (to.x - from.x)));
    const int y = static_cast<int>(std::lround(from.y + share * (to.y - from.y)));
    if (x >= 0 && y >= 0 && x < covered.size && y < covered.size) covered.at(x, y) = 1;
  }
}

/// Where the other image's surfaces come to lie.
Mask covered_by(const Side& other, const Mask& surfaces, const Mapper& back) {
  const int size = surfaces.size;
  Mask covered(size, 0);
  for (int y = 0; y + 1 < size; y++) {
    for (int x = 0; x + 1 < size; x++) {
      if (surfaces.at(x, y) == 0) continue;
      const Place here = back(x, y, other.surface.depth_mm.at(x, y));
      if (surfaces.at(x + 1, y)) mark(covered, here, back(x + 1, y, other.surface.depth_mm.at(x + 1, y)));
      if (surfaces.at(x, y + 1)) mark(covered, here, back(x, y + 1, other.surface.depth_mm.at(x, y + 1)));
    }
  }
  return covered;
}

/// Pixels between covered ones that the other image's raster skipped.
void close_gaps(Mask& covered) {
  for (int pass = 0; pass < 2; pass++) {
    const Mask before = covered;
    for (int y = 1; y + 1 < covered.size; y++) {
      for (int x = 1; x + 1 < covered.size; x++) {
        int around = 0;
        for (const auto& [dx, dy] : neighbours) around += before.at(x + dx, y + dy);
        if (around >= 3) covered.at(x, y) = 1;
      }
    }
  }
}

}  // namespace

Field<std::uint8_t> surroundings_of(const Side& side, int reach_px) {
  const int size = side.signal.size;
  Mask found(size, 0);
  std::vector<Front> front, next;
  for (int y = 0; y < size; y++) {
    for (int x = 0; x < size; x++) {
      if (!std::isfinite(side.view.depth_mm[static_cast<std::size_t>(y) * size + x])) continue;
      found.at(x, y) = 1;
      front.push_back({x, y, side.signal.at(x, y)});
    }
  }
  for (int step = 0; step < reach_px; step++) {
    next.clear();
    for (const Front& pixel : front) {
      for (const auto& [dx, dy] : neighbours) {
        const int x = pixel.x + dx, y = pixel.y + dy;
        if (x < 0 || y < 0 || x >= size || y >= size || found.at(x, y) || side.weight.at(x, y) < 1) continue;
        const bool outline = side.surface.trust.at(x, y) == 0;
        if (outline && !belongs(side.signal, x, y, pixel.surface)) continue;
        found.at(x, y) = 1;
        next.push_back({x, y, outline ? pixel.surface : side.signal.at(x, y)});
      }
    }
    front.swap(next);
  }
  return found;
}

void look_for_hidden(Side& own, const Field<std::uint8_t>& own_surfaces, const Side& other,
                     const Field<std::uint8_t>& other_surfaces, const Mapper& back) {
  Mask covered = covered_by(other, other_surfaces, back);
  close_gaps(covered);
  for (std::size_t i = 0; i < covered.values.size(); i++) {
    if (own.view.visible[i] == 1 || own_surfaces.values[i] == 0) continue;
    own.view.visible[i] = covered.values[i];
  }
}

}  // namespace nearfar::vision::match
