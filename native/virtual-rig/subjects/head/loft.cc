#include "subjects/head/loft.h"

namespace nearfar::rig::head {
namespace {

struct Key {
  float y, front, half_width, widest, back;
};

/// Average adult proportions, mm from the midpoint between the pupils: sections from brow to chin.
constexpr std::array<Key, 18> kKeys{{
    {-20, -15.5f, 77.5f, 94, 179},
    {-10, -13.5f, 76.5f, 90, 178},
    {0, -10.5f, 74.5f, 85, 176},
    {10, -9, 73, 78, 173},
    {20, -9, 71.5f, 72, 170},
    {30, -11, 69.5f, 67, 166},
    {40, -14.5f, 67, 63, 158},
    {50, -17.5f, 64, 60, 146},
    {60, -19.5f, 60.5f, 57, 128},
    {68, -19.5f, 57.5f, 54, 112},
    {76, -17.5f, 54, 51, 98},
    {84, -15, 49.5f, 48, 86},
    {91, -15.5f, 44.5f, 44, 76},
    {98, -16.5f, 38, 38, 65},
    {104, -15, 30, 32, 55},
    {109, -10.5f, 21, 25, 45},
    {112, -5, 14, 20, 37},
    {115, 8, 3, 16, 26},
}};
/// Above the first section the skull is a dome of this height, fuller than an ellipsoid by its power.
constexpr float kCrownFrom = -20, kCrownHeight = 92.5f, kCrownPower = 2.28f;
/// How far the forehead leans back over its height, mm.
constexpr float kForeheadLean = 2.5f;
/// Rounder than an ellipse in front: cheeks and temples carry the face's width forward.
constexpr float kFrontPower = 2.35f, kBackPower = 2.1f;

/// Monotone cubic through the keys (Fritsch and Carlson), so that sections neither ripple nor overshoot.
float interpolate(float y, float Key::* member) {
  if (y <= kKeys.front().y) return kKeys.front().*member;
  if (y >= kKeys.back().y) return kKeys.back().*member;
  std::size_t i = 0;
  while (kKeys[i + 1].y < y) ++i;
  const auto slope = [&](std::size_t k) {
    return (kKeys[k + 1].*member - kKeys[k].*member) / (kKeys[k + 1].y - kKeys[k].y);
  };
  const auto tangent = [&](std::size_t k) {
    if (k == 0 || k + 1 == kKeys.size()) return slope(k == 0 ? 0 : k - 1);
    const float a = slope(k - 1), b = slope(k);
    return a * b <= 0 ? 0.0f : 2 * a * b / (a + b);
  };
  const float h = kKeys[i + 1].y - kKeys[i].y, t = (y - kKeys[i].y) / h, t2 = t * t, t3 = t2 * t;
  return (2 * t3 - 3 * t2 + 1) * kKeys[i].*member + (t3 - 2 * t2 + t) * h * tangent(i) +
         (3 * t2 - 2 * t3) * kKeys[i + 1].*member + (t3 - t2) * h * tangent(i + 1);
}

}  // namespace

Loft::Loft(const Traits& traits) : forehead_lean_(kForeheadLean + traits.forehead_slope) {
  for (int i = 0; i < kCount; ++i) {
    const float y = static_cast<float>(kFirst + i);
    Section& s = sections_[static_cast<std::size_t>(i)];
    s.front = interpolate(y, &Key::front);
    s.half_width = interpolate(y, &Key::half_width);
    s.widest = interpolate(y, &Key::widest);
    s.back = interpolate(y, &Key::back);
    s.half_width *= mix(1, traits.jaw_width, smooth_step(35, 80, y));
    s.front -= traits.chin * bump(0, y - 101, 1, 14);
  }
}

Loft::Section Loft::section(float y) const {
  const float at = std::clamp(y - static_cast<float>(kFirst), 0.0f, static_cast<float>(kCount - 2));
  const auto i = static_cast<std::size_t>(at);
  const float t = at - static_cast<float>(i);
  const Section& a = sections_[i];
  const Section& b = sections_[i + 1];
  return {mix(a.front, b.front, t), mix(a.half_width, b.half_width, t), mix(a.widest, b.widest, t),
          mix(a.back, b.back, t)};
}

float Loft::front(float y) const { return section(y).front; }

/// Distance along the section's own plane, from its middle line outwards.
float Loft::radial(const Vec3f& p) const {
  const Section s = section(p.y);
  const float dz = p.z - s.widest;
  const float depth = std::max(dz < 0 ? s.widest - s.front : s.back - s.widest, 1.0f);
  const float n = dz < 0 ? kFrontPower : kBackPower;
  const float g = std::pow(std::pow(std::abs(p.x) / s.half_width, n) + std::pow(std::abs(dz) / depth, n), 1 / n);
  const float r = std::sqrt(p.x * p.x + dz * dz);
  return g < 1e-3f ? -std::min(s.half_width, depth) : r * (1 - 1 / g);
}

float Loft::crown(const Vec3f& p) const {
  const Section s = section(kCrownFrom);
  const float dy = kCrownFrom - p.y;
  float dz = p.z - s.widest;
  const float depth = dz < 0 ? s.widest - s.front : s.back - s.widest;
  dz -= forehead_lean_ * smooth_step(0, 45, dy) * saturate(-dz / depth);
  const float n = dz < 0 ? kFrontPower : kBackPower;
  const float flat = std::pow(std::abs(p.x) / s.half_width, n) + std::pow(std::abs(dz) / depth, n);
  const float g = std::pow(std::pow(flat, kCrownPower / n) + std::pow(dy / kCrownHeight, kCrownPower), 1 / kCrownPower);
  const float r = std::sqrt(p.x * p.x + dz * dz + dy * dy);
  return g < 1e-3f ? -kCrownHeight : r * (1 - 1 / g);
}

float Loft::distance(const Vec3f& p) const {
  if (p.y < kCrownFrom) return crown(p);
  const Vec3f q{p.x, std::min(p.y, kKeys.back().y), p.z};
  const float f = radial(q);
  // Sections are true distances only where the wall is upright; the slope along y corrects the jaw's underside.
  const float slope = (radial({q.x, q.y + 1, q.z}) - radial({q.x, q.y - 1, q.z})) * 0.5f;
  const float flat = f / std::sqrt(1 + slope * slope);
  const float below = p.y - q.y;
  return below > 0 ? std::sqrt(below * below + std::max(flat, 0.0f) * std::max(flat, 0.0f)) : flat;
}

}  // namespace nearfar::rig::head
