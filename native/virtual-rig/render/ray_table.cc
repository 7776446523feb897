#include "render/ray_table.h"

#include <cmath>
#include <optional>

namespace nearfar::rig {
namespace {

constexpr int kGreatestTile = 32;
constexpr std::array<Vec2, 5> kLensPoints{{{0, 0}, {1, 0}, {-1, 0}, {0, 1}, {0, -1}}};

/// One kind of path at one node of the grid, over the lens.
struct NodePath {
  bool complete = false;
  bool seen = false;
  /// The chief ray is there, and with it weight and polarisation.
  bool has_chief = false;
  std::array<double, 4> chief{};
  std::array<double, 8> lens{};
  Spectrum weight;
  std::array<double, 4> polarisation{};
};

struct Node {
  NodePath main;
  NodePath ghost;
  Spectrum trap;
};

std::array<double, 4> slope_coordinates(const Ray& ray, double z_ref) {
  const double slope_x = ray.direction.x / ray.direction.z, slope_y = ray.direction.y / ray.direction.z;
  const double dz = z_ref - ray.origin.z;
  return {ray.origin.x + slope_x * dz, ray.origin.y + slope_y * dz, slope_x, slope_y};
}

NodePath node_path(const std::array<PixelPaths, 5>& paths, std::optional<PathRay> PixelPaths::* kind, double z_ref) {
  NodePath node;
  std::array<std::array<double, 4>, 5> at{};
  node.complete = true;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const auto& path = paths[i].*kind;
    node.complete = node.complete && path.has_value();
    node.seen = node.seen || path.has_value();
    if (path) at[i] = slope_coordinates(path->ray, z_ref);
  }
  if (const auto& chief = paths[0].*kind) {
    node.has_chief = true;
    node.weight = chief->weight;
    node.polarisation = {chief->diattenuation, chief->s_axis.x, chief->s_axis.y, chief->s_axis.z};
  }
  node.chief = at[0];
  for (std::size_t q = 0; q < 4; ++q) {
    node.lens[q] = (at[1][q] - at[2][q]) / 2;
    node.lens[4 + q] = (at[3][q] - at[4][q]) / 2;
  }
  return node;
}

Node node_at(const ArmOptics& optics, Vec2 pixel, double z_ref) {
  std::array<PixelPaths, 5> paths;
  for (std::size_t i = 0; i < paths.size(); ++i) paths[i] = optics.paths(pixel, kLensPoints[i]);
  return {node_path(paths, &PixelPaths::main, z_ref), node_path(paths, &PixelPaths::ghost, z_ref),
          paths[0].trap_weight};
}

/// The nine nodes of a tile, v then u.
using Nodes = std::array<std::array<const Node*, 3>, 3>;

float narrowed(double value) { return static_cast<float>(value); }
const Spectrum& narrowed(const Spectrum& value) { return value; }

template <typename T>
std::array<T, 3> parabola(const T& before, const T& middle, const T& after) {
  return {middle, (after + before * -1) * 0.5F, (after + before) * 0.5F + middle * -1};
}

/// Passes through the values of the nine nodes.
template <typename Value>
auto quadratic(const Nodes& nodes, Value value) {
  using Wide = std::decay_t<decltype(value(*nodes[0][0]))>;
  std::array<std::array<Wide, 3>, 3> along_u;
  for (std::size_t i = 0; i < 3; ++i)
    along_u[i] = parabola(value(*nodes[i][0]), value(*nodes[i][1]), value(*nodes[i][2]));
  Quadratic<std::decay_t<decltype(narrowed(std::declval<Wide>()))>> result;
  for (std::size_t j = 0; j < 3; ++j) {
    const auto along_v = parabola(along_u[0][j], along_u[1][j], along_u[2][j]);
    for (std::size_t i = 0; i < 3; ++i) result[i][j] = narrowed(along_v[i]);
  }
  return result;
}

/// Passes through the values of the four corners.
template <typename Value>
Bilinear bilinear(const Nodes& nodes, Value value) {
  const double a = value(*nodes[0][0]), b = value(*nodes[0][2]), c = value(*nodes[2][0]), d = value(*nodes[2][2]);
  return {narrowed((a + b + c + d) / 4), narrowed((b + d - a - c) / 4), narrowed((c + d - a - b) / 4),
          narrowed((a + d - b - c) / 4)};
}

/// Means of a partial tile over the chief rays that it has; a polynomial through its edge would swing beyond them.
void set_means(const Nodes& nodes, NodePath Node::* kind, TilePaths& tile) {
  float count = 0;
  std::array<double, 4> polarisation{};
  for (const auto& row : nodes)
    for (const Node* node : row) {
      const NodePath& path = node->*kind;
      if (!path.has_chief) continue;
      tile.weight[0][0] += path.weight;
      for (std::size_t q = 0; q < 4; ++q) polarisation[q] += path.polarisation[q];
      ++count;
    }
  if (count == 0) return;
  tile.weight[0][0] *= 1 / count;
  for (std::size_t q = 0; q < 4; ++q) tile.polarisation[q] = {static_cast<float>(polarisation[q] / count), 0, 0, 0};
}

TilePaths tile_paths(const Nodes& nodes, NodePath Node::* kind) {
  TilePaths tile;
  bool complete = true, seen = false;
  for (const auto& row : nodes)
    for (const Node* node : row) {
      complete = complete && (node->*kind).complete;
      seen = seen || (node->*kind).seen;
    }
  tile.kind = complete ? TilePaths::Kind::whole : seen ? TilePaths::Kind::partial : TilePaths::Kind::none;
  if (!complete) {
    set_means(nodes, kind, tile);
    return tile;
  }
  for (std::size_t q = 0; q < 4; ++q) {
    tile.chief[q] = quadratic(nodes, [&](const Node& node) { return (node.*kind).chief[q]; });
    tile.polarisation[q] = bilinear(nodes, [&](const Node& node) { return (node.*kind).polarisation[q]; });
  }
  for (std::size_t q = 0; q < 8; ++q)
    tile.lens[q] = bilinear(nodes, [&](const Node& node) { return (node.*kind).lens[q]; });
  tile.weight = quadratic(nodes, [&](const Node& node) { return (node.*kind).weight; });
  return tile;
}

int tile_count(int size) { return (size + kGreatestTile - 1) / kGreatestTile; }

/// First pixel whose centre lies in tile `index` of `count` equal ones over the pixels' edges.
int first_pixel(int index, int count, int size) {
  return static_cast<int>(std::ceil(static_cast<double>(index) * size / count - 0.5));
}

}  // namespace

RayTable::RayTable(std::shared_ptr<const ArmOptics> optics, double z_ref_mm)
    : optics_(std::move(optics)),
      z_ref_mm_(z_ref_mm),
      columns_(tile_count(optics_->width_px())),
      rows_(tile_count(optics_->height_px())),
      tiles_(static_cast<std::size_t>(columns_ * rows_)) {
  const double half_x = 0.5 * optics_->width_px() / columns_, half_y = 0.5 * optics_->height_px() / rows_;
  const auto node_columns = static_cast<std::size_t>(2 * columns_ + 1);
  std::vector<Node> nodes(node_columns * static_cast<std::size_t>(2 * rows_ + 1));
  for (std::size_t k = 0; k < nodes.size(); ++k) {
    const double i = static_cast<double>(k % node_columns), j = static_cast<double>(k / node_columns);
    nodes[k] = node_at(*optics_, {i * half_x - 0.5, j * half_y - 0.5}, z_ref_mm_);
  }
  for (std::size_t k = 0; k < tiles_.size(); ++k) {
    const std::size_t column = k % static_cast<std::size_t>(columns_), row = k / static_cast<std::size_t>(columns_);
    Nodes around{};
    for (std::size_t j = 0; j < 3; ++j)
      for (std::size_t i = 0; i < 3; ++i) around[j][i] = &nodes[(2 * row + j) * node_columns + 2 * column + i];
    tiles_[k] = {static_cast<float>((2 * static_cast<double>(column) + 1) * half_x - 0.5),
                 static_cast<float>((2 * static_cast<double>(row) + 1) * half_y - 0.5),
                 static_cast<float>(1 / half_x),
                 static_cast<float>(1 / half_y),
                 tile_paths(around, &Node::main),
                 tile_paths(around, &Node::ghost),
                 quadratic(around, [](const Node& node) { return node.trap; })};
  }
}

int RayTable::first_x(int column) const { return first_pixel(column, columns_, optics_->width_px()); }
int RayTable::first_y(int row) const { return first_pixel(row, rows_, optics_->height_px()); }

SlopeRay RayTable::slope_ray(const Ray& ray) const {
  const auto at = slope_coordinates(ray, z_ref_mm_);
  return {narrowed(at[0]), narrowed(at[1]), narrowed(at[2]), narrowed(at[3])};
}

}  // namespace nearfar::rig
