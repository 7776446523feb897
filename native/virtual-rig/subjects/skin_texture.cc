#include "subjects/skin_texture.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "cameras/scene/random.h"
#include "subjects/head/implicit.h"
#include "subjects/head/noise.h"

namespace nearfar::rig {
namespace {

using head::lattice;
using head::mix;
using head::smooth_step;

/// Sides of the noise's cells, mm, each with a layer of its own.
constexpr std::array<float, 4> kCellsMm = {0.4f, 0.85f, 1.85f, 4.0f};
/// Inverse of the rms of the octaves' sum over pixels of 1/3.4 mm; test/skin_texture_test.cc measures it.
constexpr float kUnitRms = 1.44f;
/// Of the sum over its rms: pores are darker than anything on skin is light, and no reflectance passes 1.
constexpr float kDarkest = -2.5f, kLightest = 2.0f;

/// A cell of this size has a mole in its inside, or none; some ten of them lie on a face.
constexpr float kMoleCellMm = 12;
constexpr float kMoleShare = 0.3f;

float lattice3(std::int32_t x, std::int32_t y, std::int32_t z, std::int32_t layer) {
  return lattice(x + 7919 * layer, y - 104729 * layer, z);
}

float faded(float t) { return t * t * (3 - 2 * t); }

/// Value noise in [-1, 1], features about one unit wide.
float noise3(const Vec3f& p, std::int32_t layer) {
  const float fx = std::floor(p.x), fy = std::floor(p.y), fz = std::floor(p.z);
  const auto ix = static_cast<std::int32_t>(fx), iy = static_cast<std::int32_t>(fy),
             iz = static_cast<std::int32_t>(fz);
  const float u = faded(p.x - fx), v = faded(p.y - fy), w = faded(p.z - fz);
  const auto plane = [&](std::int32_t z) {
    const float top = mix(lattice3(ix, iy, z, layer), lattice3(ix + 1, iy, z, layer), u);
    const float bottom = mix(lattice3(ix, iy + 1, z, layer), lattice3(ix + 1, iy + 1, z, layer), u);
    return mix(top, bottom, v);
  };
  return 2 * mix(plane(iz), plane(iz + 1), w) - 1;
}

/// Turns the lattice away from the head's axes and from the octave before (a rotation with rational entries).
Vec3f turned(const Vec3f& p) {
  return {(2 * p.x - p.y + 2 * p.z) / 3, (2 * p.x + 2 * p.y - p.z) / 3, (-p.x + 2 * p.y + 2 * p.z) / 3};
}

}  // namespace

SkinTexture::SkinTexture(double contrast, std::uint64_t seed) : contrast_(static_cast<float>(contrast)) {
  Random random(mix_seed({seed, 0x736B696E}));
  const auto shift = [&] { return static_cast<float>(1000 * random.uniform()); };
  shift_ = {shift(), shift(), shift()};
}

float SkinTexture::at(const Vec3f& rest) const {
  if (contrast_ == 0) return 1;
  const Vec3f shifted{rest.x + shift_.x, rest.y + shift_.y, rest.z + shift_.z};
  Vec3f p = shifted;
  float sum = 0;
  for (std::size_t octave = 0; octave < kCellsMm.size(); ++octave) {
    p = turned(p);
    const float scale = 1 / kCellsMm[octave];
    sum += noise3({p.x * scale, p.y * scale, p.z * scale}, static_cast<std::int32_t>(octave));
  }
  return (1 + contrast_ * std::clamp(sum * kUnitRms, kDarkest, kLightest)) * (1 - mole(shifted));
}

/// Share of the light that a mole takes here.
float SkinTexture::mole(const Vec3f& p) const {
  const Vec3f cell{std::floor(p.x / kMoleCellMm), std::floor(p.y / kMoleCellMm), std::floor(p.z / kMoleCellMm)};
  const auto random = [&](std::int32_t layer) {
    return lattice3(static_cast<std::int32_t>(cell.x), static_cast<std::int32_t>(cell.y),
                    static_cast<std::int32_t>(cell.z), 16 + layer);
  };
  if (random(0) >= kMoleShare) return 0;
  const float radius = mix(0.4f, 1.0f, random(1));
  const auto place = [&](float corner, std::int32_t layer) {
    return corner * kMoleCellMm + mix(radius, kMoleCellMm - radius, random(layer));
  };
  const Vec3f centre{place(cell.x, 2), place(cell.y, 3), place(cell.z, 4)};
  return std::min(0.5f, 6 * contrast_) * smooth_step(radius, 0.5f * radius, head::length(head::operator-(p, centre)));
}

}  // namespace nearfar::rig
