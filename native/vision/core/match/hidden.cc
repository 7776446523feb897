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
/// How wide a gap may be, to either side, px.
constexpr int farthest_shore_px = 60;
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

/// Where the other image's surfaces come to lie, and which of its pixels lie there (their numbers; -1: none).
using Cover = Field<int>;

/// Marks the segment between two places.
void mark(Cover& covered, const Place& from, const Place& to, int pixel) {
  const double length = std::hypot(to.x - from.x, to.y - from.y);
  if (!(length <= torn_px)) return;
  const int steps = 1 + static_cast<int>(2 * length);
  for (int k = 0; k <= steps; k++) {
    const double share = static_cast<double>(k) / steps;
    const int x = static_cast<int>(std::lround(from.x + share * (to.x - from.x)));
    const int y = static_cast<int>(std::lround(from.y + share * (to.y - from.y)));
    if (x >= 0 && y >= 0 && x < covered.size && y < covered.size) covered.at(x, y) = pixel;
  }
}

Cover covered_by(const Side& other, const Mask& surfaces, const Mapper& back) {
  const int size = surfaces.size;
  Cover covered(size, -1);
  for (int y = 0; y + 1 < size; y++) {
    for (int x = 0; x + 1 < size; x++) {
      if (surfaces.at(x, y) == 0) continue;
      const Place here = back(x, y, other.surface.depth_mm.at(x, y));
      if (surfaces.at(x + 1, y)) mark(covered, here, back(x + 1, y, other.surface.depth_mm.at(x + 1, y)), y * size + x);
      if (surfaces.at(x, y + 1)) mark(covered, here, back(x, y + 1, other.surface.depth_mm.at(x, y + 1)), y * size + x);
    }
  }
  return covered;
}

/// The first covered pixel from a place on, along the radius outwards (1) or inwards (-1).
struct Shore {
  bool found = false;
  double steps = 0;
  int pixel = -1;
};

Shore shore_of(const Cover& covered, const Geometry& geometry, int x, int y, int outwards) {
  const double across = x - geometry.epipole_x, down = y - geometry.epipole_y;
  const double length = std::max(1.0, std::hypot(across, down));
  for (int step = 1; step <= farthest_shore_px; step++) {
    const int px = static_cast<int>(std::lround(x + outwards * step * across / length));
    const int py = static_cast<int>(std::lround(y + outwards * step * down / length));
    if (px < 0 || py < 0 || px >= covered.size || py >= covered.size) return {};
    if (covered.at(px, py) >= 0) return {true, static_cast<double>(step), covered.at(px, py)};
  }
  return {};
}

/// Whether a gap between covered pixels is one that the other image does not have: its shores lie together there.
bool is_torn(const Cover& covered, const Geometry& geometry, int x, int y) {
  const Shore in = shore_of(covered, geometry, x, y, -1), out = shore_of(covered, geometry, x, y, 1);
  if (!in.found || !out.found) return false;
  const int size = covered.size;
  const double apart = std::hypot(in.pixel % size - out.pixel % size, in.pixel / size - out.pixel / size);
  const double gap = in.steps + out.steps;
  return gap > torn_px && apart < 0.5 * gap;
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
  const Cover covered = covered_by(other, other_surfaces, back);
  const int size = covered.size;
  for (int y = 0; y < size; y++) {
    for (int x = 0; x < size; x++) {
      const std::size_t i = static_cast<std::size_t>(y) * size + x;
      if (own.view.visible[i] == 1 || own_surfaces.values[i] == 0) continue;
      if (covered.values[i] >= 0) {
        own.view.visible[i] = 1;
      } else if (is_torn(covered, back.geometry(), x, y)) {
        own.view.visible[i] = 0;
      }
    }
  }
}

}  // namespace nearfar::vision::match
