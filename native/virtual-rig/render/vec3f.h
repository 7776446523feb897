// Arithmetic on single-precision vectors, for what is done once a ray.
#pragma once

#include <cmath>

#include "optics/vec.h"
#include "subjects/mesh.h"

namespace nearfar::rig {

inline Vec3f operator+(const Vec3f& a, const Vec3f& b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
inline Vec3f operator-(const Vec3f& a, const Vec3f& b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
inline Vec3f operator*(const Vec3f& a, float s) { return {a.x * s, a.y * s, a.z * s}; }
inline float dot(const Vec3f& a, const Vec3f& b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
inline Vec3f cross(const Vec3f& a, const Vec3f& b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
/// @returns a zero vector for a zero vector.
inline Vec3f unit(const Vec3f& a) {
  const float square = dot(a, a);
  return square > 0 ? a * (1 / std::sqrt(square)) : a;
}

inline Vec3 wide(const Vec3f& a) { return {a.x, a.y, a.z}; }
inline Vec3f narrow(const Vec3& a) {
  return {static_cast<float>(a.x), static_cast<float>(a.y), static_cast<float>(a.z)};
}

}  // namespace nearfar::rig
