// What a ray sees where it meets an object.
#pragma once

#include <memory>
#include <vector>

#include "render/shape.h"
#include "render/studio.h"
#include "render/vertex_light.h"

namespace nearfar::rig {

/// How the plate analyses polarised light (PathRay); the axis in the object's frame.
struct Analyser {
  float diattenuation = 0;
  Vec3f axis{1, 0, 0};
};

/// Radiance towards the camera, in parts; a perfect white in full light sends 1.
struct Seen {
  Surface surface;
  /// Multiplies the surface's diffuse reflectance.
  float irradiance = 1;
  /// Reflected at the surface itself, so of the light's own color.
  float highlight = 0;
};

class Shader {
 public:
  /// @param lights empty: `even` light, an irradiance of 1 everywhere and no highlights.
  /// @param studio in the object's frame.
  /// @param materials one for each mesh of the shape.
  Shader(const Shape& shape, const std::vector<VertexLight>& lights, const Studio& studio,
         const std::vector<std::shared_ptr<const Material>>& materials)
      : shape_(shape), lights_(lights), studio_(studio), materials_(materials) {}

  /// @param u, v barycentric weights of the triangle's second and third vertex.
  /// @param way of the ray, object frame, any length.
  void shade(std::uint32_t triangle, float u, float v, const Vec3f& way, const Analyser& analyser, Seen& seen) const;

 private:
  const Shape& shape_;
  const std::vector<VertexLight>& lights_;
  const Studio& studio_;
  const std::vector<std::shared_ptr<const Material>>& materials_;
};

}  // namespace nearfar::rig
