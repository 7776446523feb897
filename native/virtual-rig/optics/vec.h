// Vectors, rotations and rigid transforms in double precision. Frames as in calibration/README.md:
// x right, y down, z forward; `T_b_a` maps points of frame a to frame b. Lengths in mm.
#pragma once

#include <array>
#include <cmath>

namespace nearfar::rig {

struct Vec3 {
  double x = 0;
  double y = 0;
  double z = 0;

  friend Vec3 operator+(const Vec3& a, const Vec3& b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
  friend Vec3 operator-(const Vec3& a, const Vec3& b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
  friend Vec3 operator-(const Vec3& a) { return {-a.x, -a.y, -a.z}; }
  friend Vec3 operator*(const Vec3& a, double s) { return {a.x * s, a.y * s, a.z * s}; }
  friend Vec3 operator*(double s, const Vec3& a) { return a * s; }
  friend bool operator==(const Vec3&, const Vec3&) = default;
};

inline double dot(const Vec3& a, const Vec3& b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
inline Vec3 cross(const Vec3& a, const Vec3& b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline double length(const Vec3& a) { return std::sqrt(dot(a, a)); }
inline Vec3 normalized(const Vec3& a) { return a * (1 / length(a)); }

struct Vec2 {
  double x = 0;
  double y = 0;
  friend bool operator==(const Vec2&, const Vec2&) = default;
};

/// Row-major; proper rotation unless a mirror is meant and said.
struct Mat3 {
  std::array<double, 9> m{1, 0, 0, 0, 1, 0, 0, 0, 1};

  Vec3 operator*(const Vec3& v) const {
    return {m[0] * v.x + m[1] * v.y + m[2] * v.z, m[3] * v.x + m[4] * v.y + m[5] * v.z,
            m[6] * v.x + m[7] * v.y + m[8] * v.z};
  }
  Mat3 operator*(const Mat3& o) const {
    Mat3 r;
    for (int i = 0; i < 3; ++i)
      for (int j = 0; j < 3; ++j)
        r.m[i * 3 + j] = m[i * 3] * o.m[j] + m[i * 3 + 1] * o.m[3 + j] + m[i * 3 + 2] * o.m[6 + j];
    return r;
  }
  Mat3 transposed() const { return {{m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]}}; }
};

/// Rotation by |v| radians about v (Rodrigues).
inline Mat3 rotation_about(const Vec3& v) {
  const double angle = length(v);
  if (angle == 0) return {};
  const Vec3 k = v * (1 / angle);
  const double s = std::sin(angle), c = 1 - std::cos(angle);
  return {{1 - c * (k.y * k.y + k.z * k.z), c * k.x * k.y - s * k.z, c * k.x * k.z + s * k.y,
           c * k.x * k.y + s * k.z, 1 - c * (k.x * k.x + k.z * k.z), c * k.y * k.z - s * k.x,
           c * k.x * k.z - s * k.y, c * k.y * k.z + s * k.x, 1 - c * (k.x * k.x + k.y * k.y)}};
}

/// p_b = rotation · p_a + translation.
struct Rigid {
  Mat3 rotation;
  Vec3 translation;

  Vec3 operator*(const Vec3& p) const { return rotation * p + translation; }
  Rigid operator*(const Rigid& o) const { return {rotation * o.rotation, rotation * o.translation + translation}; }
  Rigid inverse() const {
    const Mat3 t = rotation.transposed();
    return {t, -(t * translation)};
  }
};

struct Ray {
  Vec3 origin;
  /// Unit length.
  Vec3 direction;
};

inline constexpr double kRadPerDeg = 0.017453292519943295;

}  // namespace nearfar::rig
