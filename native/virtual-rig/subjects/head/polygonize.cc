#include "subjects/head/polygonize.h"

#include <cmath>
#include <utility>

#include "subjects/head/implicit.h"

namespace nearfar::rig::head {
namespace {

constexpr std::size_t kBlock = 5;

/// Values at the grid's nodes; far from the surface only their sign is right.
class Field {
 public:
  Field(const Distance& distance, const Grid& grid, float steepest)
      : nx_(grid.x.size()), ny_(grid.y.size()), nz_(grid.z.size()), values_(nx_ * ny_ * nz_), near_(blocks()) {
    for (std::size_t bz = 0; bz * kBlock < nz_; ++bz)
      for (std::size_t by = 0; by * kBlock < ny_; ++by)
        for (std::size_t bx = 0; bx * kBlock < nx_; ++bx) fill_block(distance, grid, steepest, bx, by, bz);
  }

  float at(std::size_t x, std::size_t y, std::size_t z) const { return values_[(z * ny_ + y) * nx_ + x]; }
  bool near_surface(std::size_t x, std::size_t y, std::size_t z) const {
    return near_[block_index(x / kBlock, y / kBlock, z / kBlock)];
  }

 private:
  std::size_t along(std::size_t n) const { return (n + kBlock - 1) / kBlock; }
  std::size_t blocks() const { return along(nx_) * along(ny_) * along(nz_); }
  std::size_t block_index(std::size_t x, std::size_t y, std::size_t z) const {
    return (z * along(ny_) + y) * along(nx_) + x;
  }

  void fill_block(const Distance& distance, const Grid& grid, float steepest, std::size_t bx, std::size_t by,
                  std::size_t bz) {
    const std::size_t x0 = bx * kBlock, y0 = by * kBlock, z0 = bz * kBlock;
    const std::size_t x1 = std::min(x0 + kBlock, nx_), y1 = std::min(y0 + kBlock, ny_), z1 = std::min(z0 + kBlock, nz_);
    // One line further, because a cell reaches into the next block.
    const auto end = [](std::size_t i, std::size_t n) { return std::min(i, n - 1); };
    const Vec3f low{grid.x[x0], grid.y[y0], grid.z[z0]};
    const Vec3f high{grid.x[end(x1, nx_)], grid.y[end(y1, ny_)], grid.z[end(z1, nz_)]};
    const float middle = distance((low + high) * 0.5f);
    const bool near = std::abs(middle) <= steepest * 0.5f * length(high - low);
    near_[block_index(bx, by, bz)] = near;
    for (std::size_t z = z0; z < z1; ++z)
      for (std::size_t y = y0; y < y1; ++y)
        for (std::size_t x = x0; x < x1; ++x)
          values_[(z * ny_ + y) * nx_ + x] = near ? distance({grid.x[x], grid.y[y], grid.z[z]}) : middle;
  }

  std::size_t nx_, ny_, nz_;
  std::vector<float> values_;
  std::vector<bool> near_;
};

/// Mean of the points where the cell's edges cross the surface.
bool cell_vertex(const Field& field, const Grid& grid, std::size_t x, std::size_t y, std::size_t z, Vec3f& vertex) {
  float value[8];
  Vec3f corner[8];
  unsigned inside = 0;
  for (unsigned i = 0; i < 8; ++i) {
    const std::size_t cx = x + (i & 1), cy = y + (i >> 1 & 1), cz = z + (i >> 2);
    value[i] = field.at(cx, cy, cz);
    corner[i] = {grid.x[cx], grid.y[cy], grid.z[cz]};
    if (value[i] < 0) inside |= 1u << i;
  }
  if (inside == 0 || inside == 255) return false;
  Vec3f sum;
  int count = 0;
  for (unsigned i = 0; i < 8; ++i) {
    for (unsigned bit = 1; bit < 8; bit <<= 1) {
      const unsigned j = i | bit;
      if (i & bit || (value[i] < 0) == (value[j] < 0)) continue;
      sum = sum + corner[i] + (corner[j] - corner[i]) * (value[i] / (value[i] - value[j]));
      ++count;
    }
  }
  vertex = sum * (1.0f / static_cast<float>(count));
  return true;
}

/// One vertex in each cell that the surface crosses, one quad across each edge that crosses it.
class Net {
 public:
  Net(const Distance& distance, const Grid& grid, float steepest)
      : grid_(grid),
        field_(distance, grid, steepest),
        nx_(grid.x.size() - 1),
        ny_(grid.y.size() - 1),
        nz_(grid.z.size() - 1),
        ids_(nx_ * ny_ * nz_, kNone) {}

  void add_vertices() {
    for (std::size_t z = 0; z < nz_; ++z)
      for (std::size_t y = 0; y < ny_; ++y)
        for (std::size_t x = 0; x < nx_; ++x) {
          Vec3f vertex;
          if (!field_.near_surface(x, y, z) || !cell_vertex(field_, grid_, x, y, z, vertex)) continue;
          ids_[index(x, y, z)] = static_cast<std::uint32_t>(mesh_.positions.size());
          mesh_.positions.push_back(vertex);
        }
  }

  void add_quads() {
    for (std::size_t z = 1; z < nz_; ++z)
      for (std::size_t y = 1; y < ny_; ++y)
        for (std::size_t x = 1; x < nx_; ++x) {
          const bool here = field_.at(x, y, z) < 0;
          if (here != (field_.at(x + 1, y, z) < 0))
            add_quad(id(x, y - 1, z - 1), id(x, y, z - 1), id(x, y, z), id(x, y - 1, z), !here);
          if (here != (field_.at(x, y + 1, z) < 0))
            add_quad(id(x - 1, y, z - 1), id(x - 1, y, z), id(x, y, z), id(x, y, z - 1), !here);
          if (here != (field_.at(x, y, z + 1) < 0))
            add_quad(id(x - 1, y - 1, z), id(x, y - 1, z), id(x, y, z), id(x - 1, y, z), !here);
        }
  }

  Mesh mesh() { return std::move(mesh_); }

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  std::size_t index(std::size_t x, std::size_t y, std::size_t z) const { return (z * ny_ + y) * nx_ + x; }
  std::uint32_t id(std::size_t x, std::size_t y, std::size_t z) const { return ids_[index(x, y, z)]; }

  void add_quad(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d, bool flip) {
    if (a == kNone || b == kNone || c == kNone || d == kNone) return;
    if (flip) std::swap(b, d);
    // Along the shorter diagonal, which bends less.
    const auto& p = mesh_.positions;
    if (length(p[a] - p[c]) <= length(p[b] - p[d])) {
      mesh_.triangles.push_back({a, b, c});
      mesh_.triangles.push_back({a, c, d});
    } else {
      mesh_.triangles.push_back({a, b, d});
      mesh_.triangles.push_back({b, c, d});
    }
  }

  const Grid& grid_;
  Field field_;
  std::size_t nx_, ny_, nz_;
  std::vector<std::uint32_t> ids_;
  Mesh mesh_;
};

}  // namespace

std::vector<float> grid_lines(float from, const std::vector<Stretch>& stretches) {
  std::vector<float> lines{from};
  float step = stretches.front().step;
  for (const Stretch& stretch : stretches) {
    while (lines.back() < stretch.to) {
      step += std::clamp(stretch.step - step, -0.2f * step, 0.2f * step);
      lines.push_back(lines.back() + step);
    }
  }
  return lines;
}

std::vector<float> mirrored_lines(const std::vector<Stretch>& stretches) {
  const std::vector<float> right = grid_lines(0, stretches);
  std::vector<float> lines;
  for (auto x = right.rbegin(); x != right.rend(); ++x) lines.push_back(-*x);
  lines.insert(lines.end(), right.begin() + 1, right.end());
  return lines;
}

Mesh polygonize(const Distance& distance, const Grid& grid, float steepest) {
  Net net(distance, grid, steepest);
  net.add_vertices();
  net.add_quads();
  return net.mesh();
}

}  // namespace nearfar::rig::head
