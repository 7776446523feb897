#include "render/dice.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/asset_error.h"
#include "render/vec3f.h"

namespace nearfar::rig {
namespace {

/// A head has 0.2 million. Each takes about 100 bytes until its scene is built.
constexpr std::size_t kMostTriangles = 2'000'000;
/// Halves 40 m down to 10 mm, and ends the division of edges whose length is no number.
constexpr int kMostRounds = 12;

using Edge = std::pair<std::uint32_t, std::uint32_t>;

ShapeVertex middle(const ShapeVertex& a, const ShapeVertex& b) {
  return {(a.position + b.position) * 0.5F, unit(a.normal + b.normal), (a.rest + b.rest) * 0.5F,
          (a.u + b.u) / 2, (a.v + b.v) / 2};
}

/// One round: every edge is halved at most once.
class Round {
 public:
  Round(std::vector<ShapeVertex>& vertices, float longest) : vertices_(vertices), longest_(longest) {}

  /// Writes the pieces of a triangle. @returns whether it was divided.
  bool divide(const ShapeTriangle& triangle, std::vector<ShapeTriangle>& pieces) {
    const auto& [a, b, c] = triangle.vertices;
    const std::array<std::optional<std::uint32_t>, 3> mid{halved(a, b), halved(b, c), halved(c, a)};
    const auto count = std::count_if(mid.begin(), mid.end(), [](const auto& m) { return m.has_value(); });
    const auto add = [&](std::uint32_t i, std::uint32_t j, std::uint32_t k) {
      pieces.push_back({{i, j, k}, triangle.material});
    };
    if (count == 0) {
      add(a, b, c);
      return false;
    }
    if (count == 3) {
      add(a, *mid[0], *mid[2]);
      add(*mid[0], b, *mid[1]);
      add(*mid[2], *mid[1], c);
      add(*mid[0], *mid[1], *mid[2]);
      return true;
    }
    // Turn the triangle so that its first edge is halved and, of two halved edges, the second is the other.
    std::size_t first = 0;
    while (!mid[first] || (count == 2 && !mid[(first + 1) % 3])) ++first;
    const auto& v = triangle.vertices;
    const std::uint32_t p = v[first], q = v[(first + 1) % 3], r = v[(first + 2) % 3], pq = *mid[first];
    if (count == 1) {
      add(p, pq, r);
      add(pq, q, r);
    } else {
      const std::uint32_t qr = *mid[(first + 1) % 3];
      add(p, pq, r);
      add(pq, qr, r);
      add(pq, q, qr);
    }
    return true;
  }

 private:
  std::optional<std::uint32_t> halved(std::uint32_t a, std::uint32_t b) {
    const Vec3f along = vertices_[a].position - vertices_[b].position;
    if (dot(along, along) <= longest_ * longest_) return std::nullopt;
    const auto [place, is_new] = middles_.try_emplace(std::minmax(a, b), static_cast<std::uint32_t>(vertices_.size()));
    if (is_new) vertices_.push_back(middle(vertices_[a], vertices_[b]));
    return place->second;
  }

  std::vector<ShapeVertex>& vertices_;
  float longest_;
  std::map<Edge, std::uint32_t> middles_;
};

}  // namespace

void dice(std::vector<ShapeVertex>& vertices, std::vector<ShapeTriangle>& triangles, float longest_edge_mm) {
  int rounds = 0;
  for (bool divided = true; divided; ++rounds) {
    divided = false;
    Round round(vertices, longest_edge_mm);
    std::vector<ShapeTriangle> pieces;
    pieces.reserve(triangles.size());
    for (const ShapeTriangle& triangle : triangles) {
      divided = round.divide(triangle, pieces) || divided;
      if (pieces.size() > kMostTriangles || rounds == kMostRounds)
        throw AssetError("a mesh is too large to be shown, or broken: its file has vertices far from their neighbours");
    }
    triangles = std::move(pieces);
  }
}

}  // namespace nearfar::rig
