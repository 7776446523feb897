// Building blocks of implicit surfaces: approximate signed distances in mm, negative inside.
#pragma once

#include <algorithm>
#include <cmath>

#include "subjects/mesh.h"

namespace nearfar::rig::head {

inline Vec3f operator+(const Vec3f& a, const Vec3f& b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
inline Vec3f operator-(const Vec3f& a, const Vec3f& b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
inline Vec3f operator*(const Vec3f& a, float s) { return {a.x * s, a.y * s, a.z * s}; }
inline float dot(const Vec3f& a, const Vec3f& b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
inline float length(const Vec3f& a) { return std::sqrt(dot(a, a)); }
inline Vec3f normalized(const Vec3f& a) { return a * (1 / std::max(length(a), 1e-12f)); }
inline Vec3f cross(const Vec3f& a, const Vec3f& b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline Vec3 to_double(const Vec3f& a) { return {a.x, a.y, a.z}; }

inline float mix(float a, float b, float t) { return a + (b - a) * t; }
inline float saturate(float t) { return std::clamp(t, 0.0f, 1.0f); }

/// 0 below `from`, 1 beyond `to` (which may be the smaller one), smooth between.
inline float smooth_step(float from, float to, float x) {
  const float t = saturate((x - from) / (to - from));
  return t * t * (3 - 2 * t);
}

/// exp(-(x/sx)² - (y/sy)²): the height of a bump of one at distance (x, y) from its middle.
inline float bump(float x, float y, float sx, float sy) {
  const float u = x / sx, v = y / sy;
  const float e = u * u + v * v;
  return e > 12 ? 0 : std::exp(-e);
}

/// Union and cut whose seam is rounded over about `k` mm.
inline float smooth_union(float a, float b, float k) {
  const float h = std::max(k - std::abs(a - b), 0.0f) / k;
  return std::min(a, b) - h * h * k * 0.25f;
}
inline float smooth_cut(float a, float hole, float k) { return -smooth_union(-a, hole, k); }

inline float ellipsoid(const Vec3f& p, const Vec3f& centre, const Vec3f& radii) {
  const Vec3f d = p - centre;
  const Vec3f u{d.x / radii.x, d.y / radii.y, d.z / radii.z};
  const Vec3f g{u.x / radii.x, u.y / radii.y, u.z / radii.z};
  const float k0 = length(u);
  return k0 * (k0 - 1) / std::max(length(g), 1e-6f);
}

inline float sphere(const Vec3f& p, const Vec3f& centre, float radius) { return length(p - centre) - radius; }

/// A rod whose radius changes from `ra` at `a` to `rb` at `b`.
inline float rod(const Vec3f& p, const Vec3f& a, const Vec3f& b, float ra, float rb) {
  const Vec3f ab = b - a, ap = p - a;
  const float t = saturate(dot(ap, ab) / dot(ab, ab));
  return length(ap - ab * t) - mix(ra, rb, t);
}

}  // namespace nearfar::rig::head
