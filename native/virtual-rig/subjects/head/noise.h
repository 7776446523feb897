// Smooth random fields for skin and hair: the same everywhere, no state.
#pragma once

#include <cmath>
#include <cstdint>

namespace nearfar::rig::head {

/// One of 2^24 values in [0, 1) for each lattice point.
inline float lattice(std::int32_t x, std::int32_t y, std::int32_t z) {
  std::uint32_t h = static_cast<std::uint32_t>(x) * 0x8DA6B343u ^ static_cast<std::uint32_t>(y) * 0xD8163841u ^
                    static_cast<std::uint32_t>(z) * 0xCB1AB31Fu;
  h ^= h >> 15;
  h *= 0x2C1B3C6Du;
  h ^= h >> 12;
  h *= 0x297A2D39u;
  h ^= h >> 15;
  return static_cast<float>(h >> 8) * 0x1.0p-24f;
}

/// Value noise in [-1, 1], features about one unit wide; `layer` picks another field.
inline float noise(float x, float y, std::int32_t layer) {
  const float fx = std::floor(x), fy = std::floor(y);
  const auto ix = static_cast<std::int32_t>(fx), iy = static_cast<std::int32_t>(fy);
  float u = x - fx, v = y - fy;
  u = u * u * (3 - 2 * u);
  v = v * v * (3 - 2 * v);
  const float a = lattice(ix, iy, layer), b = lattice(ix + 1, iy, layer);
  const float c = lattice(ix, iy + 1, layer), d = lattice(ix + 1, iy + 1, layer);
  const float top = a + (b - a) * u, bottom = c + (d - c) * u;
  return 2 * (top + (bottom - top) * v) - 1;
}

}  // namespace nearfar::rig::head
