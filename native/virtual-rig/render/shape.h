// An object as the tracer wants it: one indexed mesh in one Embree scene, in the object's own frame.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "render/embree.h"
#include "subjects/mesh.h"

namespace nearfar::rig {

struct ShapeVertex {
  Vec3f position;
  Vec3f normal;
  Vec3f rest;
  float u = 0;
  float v = 0;
};

struct ShapeTriangle {
  std::array<std::uint32_t, 3> vertices{};
  std::uint32_t material = 0;
};

/// Immutable and thread-safe.
class Shape {
 public:
  /// Large triangles are divided until no edge is longer than 10 mm, so that light can be kept by vertex.
  Shape(std::shared_ptr<const Object> object, RTCDevice device);

  const Object& object() const { return *object_; }
  const std::vector<ShapeVertex>& vertices() const { return vertices_; }
  const std::vector<ShapeTriangle>& triangles() const { return triangles_; }
  /// One for each mesh of the object.
  const std::vector<std::shared_ptr<const Material>>& materials() const { return materials_; }
  RTCScene scene() const { return scene_.get(); }
  /// Of a sphere about the object's origin that holds it, mm.
  float radius_mm() const { return radius_mm_; }

 private:
  void add(const Mesh& mesh);
  void build_scene(RTCDevice device);

  std::shared_ptr<const Object> object_;
  std::vector<ShapeVertex> vertices_;
  std::vector<ShapeTriangle> triangles_;
  std::vector<std::shared_ptr<const Material>> materials_;
  float radius_mm_ = 0;
  EmbreeScene scene_;
};

}  // namespace nearfar::rig
