#include "subjects/head/surface_search.h"

namespace nearfar::rig::head {

std::optional<Vec3f> first_hit(const Shape& shape, const Vec3f& origin, const Vec3f& direction) {
  constexpr float kFar = 150, kStep = 0.5f;
  float before = 0, value = shape.distance(origin);
  for (float t = 0; t < kFar;) {
    // Half the distance: the function may overstate it.
    t += std::max(kStep, 0.5f * value);
    const float next = shape.distance(origin + direction * t);
    if (next <= 0) {
      float low = before, high = t;
      for (int i = 0; i < 24; ++i) {
        const float middle = (low + high) / 2;
        (shape.distance(origin + direction * middle) > 0 ? low : high) = middle;
      }
      return origin + direction * high;
    }
    before = t;
    value = next;
  }
  return std::nullopt;
}

Vec3f nearest(const Shape& shape, Vec3f p) {
  for (int i = 0; i < 20; ++i) {
    const float f = shape.distance(p);
    if (std::abs(f) < 1e-3f) break;
    p = p - shape.normal(p) * (0.8f * f);
  }
  return p;
}

}  // namespace nearfar::rig::head
