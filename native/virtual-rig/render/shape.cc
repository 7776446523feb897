#include "render/shape.h"

#include <algorithm>
#include <cmath>
#include <new>

#include "render/dice.h"
#include "render/vec3f.h"

namespace nearfar::rig {
namespace {

constexpr float kLongestEdgeMm = 10;

ShapeVertex vertex_of(const Mesh& mesh, std::uint32_t i, const Vec3f& normal) {
  ShapeVertex vertex;
  vertex.position = mesh.positions[i];
  vertex.normal = normal;
  vertex.rest = mesh.rest.empty() ? mesh.positions[i] : mesh.rest[i];
  if (!mesh.uvs.empty()) {
    vertex.u = mesh.uvs[i][0];
    vertex.v = mesh.uvs[i][1];
  }
  return vertex;
}

/// Vertices of a mesh that is shaded flat belong to one triangle each.
void append_flat(const Mesh& mesh, std::vector<ShapeVertex>& vertices, std::vector<ShapeTriangle>& triangles) {
  for (const auto& [a, b, c] : mesh.triangles) {
    const Vec3f normal =
        unit(cross(mesh.positions[b] - mesh.positions[a], mesh.positions[c] - mesh.positions[a]));
    const auto first = static_cast<std::uint32_t>(vertices.size());
    for (const std::uint32_t i : {a, b, c}) vertices.push_back(vertex_of(mesh, i, normal));
    triangles.push_back({{first, first + 1, first + 2}, 0});
  }
}

void append_smooth(const Mesh& mesh, std::vector<ShapeVertex>& vertices, std::vector<ShapeTriangle>& triangles) {
  for (std::uint32_t i = 0; i < mesh.positions.size(); ++i) vertices.push_back(vertex_of(mesh, i, mesh.normals[i]));
  for (const auto& triangle : mesh.triangles) triangles.push_back({triangle, 0});
}

}  // namespace

Shape::Shape(std::shared_ptr<const Object> object, RTCDevice device) : object_(std::move(object)) {
  for (const Mesh& mesh : object_->meshes) add(mesh);
  for (const ShapeVertex& vertex : vertices_)
    radius_mm_ = std::max(radius_mm_, std::sqrt(dot(vertex.position, vertex.position)));
  build_scene(device);
}

void Shape::add(const Mesh& mesh) {
  std::vector<ShapeVertex> vertices;
  std::vector<ShapeTriangle> triangles;
  if (mesh.normals.empty()) {
    append_flat(mesh, vertices, triangles);
  } else {
    append_smooth(mesh, vertices, triangles);
  }
  dice(vertices, triangles, kLongestEdgeMm);
  const auto first = static_cast<std::uint32_t>(vertices_.size());
  const auto material = static_cast<std::uint32_t>(materials_.size());
  vertices_.insert(vertices_.end(), vertices.begin(), vertices.end());
  for (ShapeTriangle& triangle : triangles) {
    for (std::uint32_t& i : triangle.vertices) i += first;
    triangle.material = material;
    triangles_.push_back(triangle);
  }
  materials_.push_back(mesh.material);
}

void Shape::build_scene(RTCDevice device) {
  scene_.reset(rtcNewScene(device));
  const RTCGeometry geometry = rtcNewGeometry(device, RTC_GEOMETRY_TYPE_TRIANGLE);
  auto* positions = static_cast<Vec3f*>(
      rtcSetNewGeometryBuffer(geometry, RTC_BUFFER_TYPE_VERTEX, 0, RTC_FORMAT_FLOAT3, sizeof(Vec3f),
                              std::max<std::size_t>(vertices_.size(), 1)));
  auto* indices = static_cast<std::array<std::uint32_t, 3>*>(
      rtcSetNewGeometryBuffer(geometry, RTC_BUFFER_TYPE_INDEX, 0, RTC_FORMAT_UINT3, 3 * sizeof(std::uint32_t),
                              std::max<std::size_t>(triangles_.size(), 1)));
  if (positions == nullptr || indices == nullptr) throw std::bad_alloc();
  positions[0] = {};
  indices[0] = {};
  std::transform(vertices_.begin(), vertices_.end(), positions, [](const ShapeVertex& v) { return v.position; });
  std::transform(triangles_.begin(), triangles_.end(), indices, [](const ShapeTriangle& t) { return t.vertices; });
  rtcCommitGeometry(geometry);
  rtcAttachGeometry(scene_.get(), geometry);
  rtcReleaseGeometry(geometry);
  rtcSetSceneFlags(scene_.get(), RTC_SCENE_FLAG_ROBUST);
  rtcCommitScene(scene_.get());
}

}  // namespace nearfar::rig
