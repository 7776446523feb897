#include "render/vertex_light.h"

#include <algorithm>
#include <cmath>

#include "render/sampling.h"
#include "render/vec3f.h"

namespace nearfar::rig {
namespace {

/// Shadow rays along each side of a box, and of the hemisphere.
constexpr int kSide = 4;
constexpr int kRays = kSide * kSide;
constexpr float kSurroundReachMm = 150;
/// Shadow rays start off the surface, where a smooth normal would meet the neighbouring facets.
constexpr float kLiftMm = 0.15F;
/// Cosine to a camera from which on a vertex is lit: beyond the outline, because triangles reach over it.
constexpr float kSeenCosine = -0.35F;
constexpr int kSmoothingRounds = 2;

/// The shadow rays of one vertex, in packets.
class RayFan {
 public:
  RayFan(RTCScene scene, const Vec3f& origin) : scene_(scene), origin_(origin) {}

  /// @param weights of the rays; those with weight 0 are not traced.
  /// @returns the share of the weight that is not hidden.
  float open_share(const std::array<Vec3f, kRays>& ways, const std::array<float, kRays>& weights, float reach) {
    float open = 0, all = 0;
    for (std::size_t first = 0; first < kRays; first += kPacket) {
      for (std::size_t i = 0; i < kPacket; ++i) set(i, ways[first + i], weights[first + i] > 0, reach);
      occlude_packet(scene_, valid_, rays_);
      for (std::size_t i = 0; i < kPacket; ++i) {
        all += weights[first + i];
        if (rays_.tfar[i] >= 0) open += weights[first + i];
      }
    }
    return all > 0 ? open / all : 1;
  }

 private:
  void set(std::size_t i, const Vec3f& way, bool traced, float reach) {
    valid_[i] = traced ? -1 : 0;
    rays_.org_x[i] = origin_.x;
    rays_.org_y[i] = origin_.y;
    rays_.org_z[i] = origin_.z;
    rays_.dir_x[i] = way.x;
    rays_.dir_y[i] = way.y;
    rays_.dir_z[i] = way.z;
    rays_.tnear[i] = 0;
    rays_.tfar[i] = reach;
    rays_.time[i] = 0;
    rays_.mask[i] = 0xFFFFFFFFU;
    rays_.id[i] = 0;
    rays_.flags[i] = 0;
  }

  RTCScene scene_;
  Vec3f origin_;
  alignas(32) int valid_[kPacket]{};
  RTCRay8 rays_{};
};

/// A stratified point of the unit square, shifted by the vertex.
struct Shift {
  float u;
  float v;
  std::array<float, 2> place(int i) const {
    return {(static_cast<float>(i % kSide) + u) / kSide, (static_cast<float>(i / kSide) + v) / kSide};
  }
};

float open_box(RayFan& fan, const SoftBox& box, const Vec3f& origin, const Vec3f& normal, const Shift& shift) {
  std::array<Vec3f, kRays> ways;
  std::array<float, kRays> weights{};
  for (int i = 0; i < kRays; ++i) {
    const auto [u, v] = shift.place(i);
    const Vec3f way =
        box.centre + box.side_a * ((2 * u - 1) * box.half_a_mm) + box.side_b * ((2 * v - 1) * box.half_b_mm) - origin;
    const auto k = static_cast<std::size_t>(i);
    ways[k] = way;
    weights[k] = std::max(0.0F, dot(way, normal));
  }
  return fan.open_share(ways, weights, 1);
}

float surround_light(RayFan& fan, const Studio& studio, const Vec3f& normal, const Shift& shift) {
  const Vec3f across = unit(std::abs(normal.x) < 0.7F ? cross(normal, {1, 0, 0}) : cross(normal, {0, 1, 0}));
  const Vec3f other = cross(normal, across);
  std::array<Vec3f, kRays> ways;
  std::array<float, kRays> weights{};
  for (int i = 0; i < kRays; ++i) {
    const auto [u, v] = shift.place(i);
    float x, y;
    to_disc(u, v, x, y);
    const auto k = static_cast<std::size_t>(i);
    ways[k] = across * x + other * y + normal * std::sqrt(std::max(0.0F, 1 - x * x - y * y));
    weights[k] = surround_radiance(studio, ways[k]);
  }
  const float unhidden = studio.surround * (1 + 0.6F * 2 / 3 * dot(studio.surround_axis, normal));
  return unhidden * fan.open_share(ways, weights, kSurroundReachMm);
}

VertexLight light_at(const Shape& shape, const ShapeVertex& vertex, const Studio& studio, std::uint32_t index) {
  const Vec3f origin = vertex.position + vertex.normal * kLiftMm;
  RayFan fan(shape.scene(), origin);
  const Shift shift{unit_float(mixed(2 * index)), unit_float(mixed(2 * index + 1))};
  VertexLight light;
  for (std::size_t b = 0; b < studio.boxes.size(); ++b) {
    light.open[b] = open_box(fan, studio.boxes[b], origin, vertex.normal, shift);
    light.irradiance += light.open[b] * unshadowed_irradiance(studio.boxes[b], vertex.position, vertex.normal);
  }
  light.irradiance += surround_light(fan, studio, vertex.normal, shift);
  return light;
}

/// Each vertex becomes the mean of itself, if it is lit, and its lit neighbours, and is lit if there is one.
void smooth(const Shape& shape, std::vector<char>& lit, std::vector<VertexLight>& lights) {
  std::vector<VertexLight> sums = lights;
  std::vector<float> counts(lit.begin(), lit.end());
  for (const ShapeTriangle& triangle : shape.triangles()) {
    for (std::size_t i = 0; i < 3; ++i) {
      const std::uint32_t to = triangle.vertices[i];
      for (const std::uint32_t from : {triangle.vertices[(i + 1) % 3], triangle.vertices[(i + 2) % 3]}) {
        if (!lit[from]) continue;
        sums[to].irradiance += 0.5F * lights[from].irradiance;
        for (std::size_t b = 0; b < 2; ++b) sums[to].open[b] += 0.5F * lights[from].open[b];
        counts[to] += 0.5F;
      }
    }
  }
  for (std::size_t i = 0; i < lights.size(); ++i) {
    if (counts[i] == 0) continue;
    lit[i] = 1;
    lights[i].irradiance = sums[i].irradiance / counts[i];
    for (std::size_t b = 0; b < 2; ++b) lights[i].open[b] = sums[i].open[b] / counts[i];
  }
}

}  // namespace

std::vector<VertexLight> light_vertices(const Shape& shape, const Studio& studio, const std::vector<Vec3>& cameras) {
  const auto& vertices = shape.vertices();
  std::vector<VertexLight> lights(vertices.size());
  std::vector<char> lit(vertices.size());
  for (std::uint32_t i = 0; i < vertices.size(); ++i) {
    lit[i] = std::any_of(cameras.begin(), cameras.end(), [&](const Vec3& camera) {
      return dot(unit(narrow(camera) - vertices[i].position), vertices[i].normal) > kSeenCosine;
    });
    if (lit[i]) lights[i] = light_at(shape, vertices[i], studio, i);
  }
  for (int round = 0; round < kSmoothingRounds; ++round) smooth(shape, lit, lights);
  return lights;
}

}  // namespace nearfar::rig
