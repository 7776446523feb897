#include "render/highlight.h"

#include <algorithm>
#include <cmath>

#include "render/vec3f.h"

namespace nearfar::rig {
namespace {

constexpr float kIndex = 1.45F;
/// Below this cosine the outline itself is seen, where smooth normals mean little.
constexpr float kLeastCosine = 0.05F;
constexpr float kLeastWidth = 0.002F;

/// Reflectance of the facets for light polarised across the plane of incidence and in it.
struct Fresnel {
  float s;
  float p;
};

Fresnel fresnel(float cosine) {
  const float refracted = std::sqrt(1 - (1 - cosine * cosine) / (kIndex * kIndex));
  const float s = (cosine - kIndex * refracted) / (cosine + kIndex * refracted);
  const float p = (refracted - kIndex * cosine) / (refracted + kIndex * cosine);
  return {s * s, p * p};
}

/// What the analyser passes of light that was unpolarised before it was reflected.
float analysed(const Fresnel& reflected, const Glossy& at, const Analyser& analyser) {
  const float mean = (reflected.s + reflected.p) / 2;
  if (analyser.diattenuation == 0) return mean;
  const Vec3f across = unit(cross(at.to_camera, at.normal));
  const float cosine = dot(across, analyser.axis);
  return mean + (reflected.s - reflected.p) / 2 * analyser.diattenuation * (2 * cosine * cosine - 1);
}

/// Integral of the lobe's marginal from -infinity.
float reached(float x) { return x / std::sqrt(1 + x * x); }

/// Share of the lobe about the mirror direction that lies on the box.
float coverage(const SoftBox& box, const Vec3f& position, const Vec3f& mirrored, float width) {
  const float towards = dot(mirrored, box.facing);
  if (towards >= -1e-3F) return 0;
  const float distance = dot(box.centre - position, box.facing) / towards;
  if (distance <= 0) return 0;
  const Vec3f off = position + mirrored * distance - box.centre;
  const float a = dot(off, box.side_a), b = dot(off, box.side_b);
  const float spread = 1 / (2 * width * distance);
  const float along_a = reached((box.half_a_mm - a) * spread) + reached((box.half_a_mm + a) * spread);
  const float along_b = reached((box.half_b_mm - b) * spread) + reached((box.half_b_mm + b) * spread);
  return 0.25F * along_a * along_b;
}

}  // namespace

float highlight(const Glossy& at, const Studio& studio, const Analyser& analyser) {
  const float cosine = dot(at.normal, at.to_camera);
  if (cosine < kLeastCosine) return 0;
  const float width = std::max(at.roughness * at.roughness, kLeastWidth);
  const Vec3f mirrored = at.normal * (2 * cosine) - at.to_camera;
  float light = 0;
  for (std::size_t b = 0; b < studio.boxes.size(); ++b)
    light += at.open[b] * studio.boxes[b].radiance * coverage(studio.boxes[b], at.position, mirrored, width);
  if (light == 0) return 0;
  // Facets that shadow each other (Smith, in Schlick's form).
  const float shadowing = cosine / (cosine * (1 - width / 2) + width / 2);
  return light * shadowing * analysed(fresnel(std::min(cosine, 1.0F)), at, analyser);
}

}  // namespace nearfar::rig
