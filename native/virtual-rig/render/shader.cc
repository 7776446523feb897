#include "render/shader.h"

#include "render/highlight.h"
#include "render/vec3f.h"

namespace nearfar::rig {

void Shader::shade(std::uint32_t triangle, float u, float v, const Vec3f& way, const Analyser& analyser,
                   Seen& seen) const {
  const ShapeTriangle& indices = shape_.triangles()[triangle];
  const auto [i, j, k] = indices.vertices;
  const ShapeVertex &a = shape_.vertices()[i], &b = shape_.vertices()[j], &c = shape_.vertices()[k];
  const float w = 1 - u - v;
  SurfacePoint point;
  point.position = a.position * w + b.position * u + c.position * v;
  point.rest = a.rest * w + b.rest * u + c.rest * v;
  point.u = a.u * w + b.u * u + c.u * v;
  point.v = a.v * w + b.v * u + c.v * v;
  seen.surface = {};
  materials_[indices.material]->shade(point, seen.surface);
  seen.irradiance = 1;
  seen.highlight = 0;
  if (lights_.empty()) return;

  const VertexLight &la = lights_[i], &lb = lights_[j], &lc = lights_[k];
  seen.irradiance = la.irradiance * w + lb.irradiance * u + lc.irradiance * v;
  if (seen.surface.specular <= 0) return;
  const Vec3f normal = unit(a.normal * w + b.normal * u + c.normal * v);
  const Glossy glossy{point.position, normal, unit(way * -1), seen.surface.roughness,
                      {la.open[0] * w + lb.open[0] * u + lc.open[0] * v,
                       la.open[1] * w + lb.open[1] * u + lc.open[1] * v}};
  seen.highlight = seen.surface.specular * highlight(glossy, studio_, analyser);
}

}  // namespace nearfar::rig
