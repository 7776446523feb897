#include "subjects/ict/paint.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "spectra/skin_palette.h"
#include "spectra/spectra.h"
#include "subjects/head/implicit.h"
#include "subjects/head/noise.h"

namespace nearfar::rig::ict {
namespace {

using head::bump;
using head::mix;
using head::noise;
using head::saturate;
using head::smooth_step;

struct Point {
  float x, y;
};

/// y of a line through points with rising x; level beyond its ends.
template <std::size_t N>
float height_at(const std::array<Point, N>& line, float x) {
  if (x <= line.front().x) return line.front().y;
  for (std::size_t i = 1; i < N; ++i) {
    if (x < line[i].x) return mix(line[i - 1].y, line[i].y, (x - line[i - 1].x) / (line[i].x - line[i - 1].x));
  }
  return line.back().y;
}

// Outlines on the kit's mean face, right half of the image; the other half mirrors them.
constexpr std::array<Point, 5> kBrow = {{{11, -23}, {24, -25.5}, {38, -26}, {49, -23.5}, {58, -16}}};
constexpr std::array<Point, 4> kUpperLip = {{{0, 60.5}, {6, 60}, {17, 64}, {25.5, 71}}};
constexpr std::array<Point, 4> kLowerLip = {{{0, 80}, {9, 79.5}, {18, 76.5}, {25.5, 71}}};
constexpr std::array<Point, 4> kUpperLid = {{{18, 3.5}, {27.5, -3.5}, {38.5, -3}, {44.5, 2}}};

/// Arc length from the midline around the head's upright axis, mm: with y it unrolls the skin.
float around(const Vec3f& rest) {
  constexpr float kAxisDepthMm = 95;
  return kAxisDepthMm * std::atan2(rest.x, kAxisDepthMm - rest.z);
}

float lips_share(float x, float y) {
  const float inside = std::min(y - height_at(kUpperLip, x), height_at(kLowerLip, x) - y);
  return smooth_step(-0.8f, 1.0f, inside) * smooth_step(27, 25, x);
}

float brow_share(const Vec3f& rest, float x, float density) {
  if (x < 9 || x > 60 || rest.y < -35 || rest.y > -8) return 0;
  const float half = 4.2f * smooth_step(9, 13, x) * mix(1, 0.35f, smooth_step(34, 60, x));
  const float away = std::abs(rest.y - height_at(kBrow, x) - 1.5f);
  const float strands = 0.85f + 0.25f * noise(rest.x * 1.8f + rest.y * 0.6f, rest.y * 0.7f, 3);
  return std::min(1.0f, density * strands) * smooth_step(half + 1, half * 0.5f, away);
}

/// Lashes and their shadow, as a dark line along the upper lid.
float lash_share(const Vec3f& rest, float x) {
  if (x < 17 || x > 47 || rest.y < -8 || rest.y > 8) return 0;
  return 0.85f * smooth_step(1.6f, 0.5f, std::abs(rest.y - height_at(kUpperLid, x))) * smooth_step(17, 20, x);
}

class Face : public Material {
 public:
  Face(const head::Traits& traits, const SkinTexture& texture)
      : traits_(traits),
        texture_(texture),
        palette_(melanin_of_ita(traits.ita_deg)),
        hair_(hair_reflectance(traits.hair_melanin, traits.hair_redness) * kHairLight) {}

  void shade(const SurfacePoint& point, Surface& surface) const override {
    const Vec3f& r = point.rest;
    const float x = std::abs(r.x);
    // The features are drawn on the front; nothing of them reaches the sides.
    const float front = smooth_step(65, 35, r.z);
    const float lips = front * lips_share(x, r.y);
    const float covered = covered_share(r, x, front);
    surface.emission = {};
    surface.diffuse = skin(r, x, front, lips) * mix(texture_.at(r), 1, lips);
    if (covered > 0) surface.diffuse = surface.diffuse * (1 - covered) + hair_ * covered;
    surface.specular = mix(0.42f, 0.6f, lips) * (1 - 0.7f * covered);
    surface.roughness = mix(0.42f, 0.36f, lips);
  }

 private:
  static float strands(const Vec3f& r) { return 0.94f + 0.06f * noise(around(r) * 0.9f, r.y * 0.35f, 5); }

  /// Share of the skin that hair hides: scalp, brows or lashes.
  float covered_share(const Vec3f& r, float x, float front) const {
    const float scalp = hair_share(r);
    if (scalp > 0) return scalp * strands(r);
    return front * std::max(brow_share(r, x, traits_.brow_density), lash_share(r, x));
  }

  static float freckle_share(const Vec3f& r) {
    return smooth_step(0.35f, 0.75f, noise(around(r) * 0.5f, r.y * 0.5f, 4)) * smooth_step(75, 40, r.y);
  }

  Spectrum skin(const Vec3f& r, float x, float front, float lips) const {
    const float u = around(r);
    const float patches = noise(u * 0.1f, r.y * 0.09f, 1), grain = noise(u * 0.65f, r.y * 0.6f, 2);
    const float freckles = traits_.freckles > 0 ? traits_.freckles * front * freckle_share(r) : 0;
    const float cheeks = front * bump(x - 37, r.y - 36, 18, 16), nose = front * bump(x, r.y - 32, 14, 15);
    const float under_eye = front * bump(x - 30, r.y - 13, 13, 5);
    const float spots = 0.08f * patches + 0.05f * grain + 0.7f * freckles + 0.15f * under_eye;
    const float melanin = (1 + spots) * mix(1, 0.75f, lips);
    const float blood = static_cast<float>(traits_.blood) *
                        (1 + 0.5f * cheeks + 0.45f * nose + 0.15f * patches + 0.2f * grain + 0.25f * under_eye);
    return palette_.at(melanin, mix(blood, 0.17f * traits_.lip_redness, lips));
  }

  /// Hairs shade each other.
  static constexpr float kHairLight = 0.75f;
  head::Traits traits_;
  SkinTexture texture_;
  SkinPalette palette_;
  Spectrum hair_;
};

class Eye : public Material {
 public:
  Eye(const head::Traits& traits, const Vec3f& apex)
      : apex_(apex), iris_(iris_reflectance(traits.iris_kind)), sclera_(sclera_reflectance()) {}

  void shade(const SurfacePoint& point, Surface& surface) const override {
    const float dx = point.rest.x - apex_.x, dy = point.rest.y - apex_.y;
    const float radius = std::hypot(dx, dy), angle = std::atan2(dy, dx);
    const float fibres = 1 + 0.35f * noise(angle * 11, radius * 0.5f, 6);
    // A dark ring bounds the iris; the pupil is that of a bright room.
    const float iris = fibres * mix(1, 0.45f, smooth_step(kIrisMm - 1.1f, kIrisMm, radius)) *
                       smooth_step(kPupilMm - 0.1f, kPupilMm + 0.2f, radius);
    const float white = point.rest.z > apex_.z + 25 ? 1 : smooth_step(kIrisMm - 0.3f, kIrisMm + 0.4f, radius);
    surface.emission = {};
    surface.diffuse = iris_ * (iris * (1 - white)) + sclera_ * white;
    surface.specular = 1;
    surface.roughness = 0.1f;
  }

 private:
  static constexpr float kIrisMm = 6;
  static constexpr float kPupilMm = 1.9f;
  Vec3f apex_;
  Spectrum iris_, sclera_;
};

/// The same everywhere.
class Plain : public Material {
 public:
  Plain(const Spectrum& diffuse, float specular, float roughness)
      : diffuse_(diffuse), specular_(specular), roughness_(roughness) {}
  void shade(const SurfacePoint&, Surface& surface) const override {
    surface = {diffuse_, {}, specular_, roughness_};
  }

 private:
  Spectrum diffuse_;
  float specular_, roughness_;
};

}  // namespace

float hair_share(const Vec3f& rest) {
  // Height of the hair line above the pupils from the forehead past the temples and ears to the nape, by depth.
  constexpr std::array<Point, 10> kHairLine = {
      {{-5, 64}, {15, 62}, {35, 54}, {52, 40}, {63, 12}, {72, -12}, {79, 7}, {112, 7}, {122, -25}, {160, -55}}};
  constexpr float kRaggedMm = 3, kSoftMm = 4;
  const float temple = rest.z < 40 ? 8 * smooth_step(20, 55, std::abs(rest.x)) : 0;
  const float above = -rest.y - height_at(kHairLine, rest.z) + temple;
  if (std::abs(above) > kRaggedMm + kSoftMm) return above > 0 ? 1.0f : 0.0f;
  const float ragged = kRaggedMm * noise(around(rest) * 0.2f, rest.y * 0.1f, 7);
  return smooth_step(-kSoftMm, kSoftMm, above + ragged);
}

std::shared_ptr<const Material> face_material(const head::Traits& traits, const SkinTexture& texture) {
  return std::make_shared<Face>(traits, texture);
}

std::shared_ptr<const Material> eye_material(const head::Traits& traits, const Vec3f& apex) {
  return std::make_shared<Eye>(traits, apex);
}

std::shared_ptr<const Material> teeth_material() {
  return std::make_shared<Plain>(sclera_reflectance() * 0.75f, 0.9f, 0.2f);
}

std::shared_ptr<const Material> gums_material() {
  return std::make_shared<Plain>(skin_reflectance(0.02, 0.2) * 0.6f, 0.7f, 0.3f);
}

std::shared_ptr<const Material> cavity_material() {
  return std::make_shared<Plain>(skin_reflectance(0.02, 0.25) * 0.25f, 0.1f, 0.5f);
}

}  // namespace nearfar::rig::ict
