#include "subjects/head/skin.h"

#include "spectra/colorimetry.h"
#include "spectra/spectra.h"
#include "subjects/head/loft.h"
#include "subjects/head/skin_map.h"

namespace nearfar::rig::head {
namespace {

constexpr std::size_t kBloodSteps = 12;
constexpr std::size_t kMelaninSteps = 12;
constexpr double kLipBlood = 0.4;

/// A cheek is a little redder and browner than plain skin; it is the cheek that shall have the tone.
constexpr double kCheekMelanin = 1.05, kCheekBlood = 1.5;

/// melanin_of_ita() is for ordinary blood; this subject may have more or less.
double melanin_for(const Traits& traits) {
  const auto cheek_ita = [&](double melanin) {
    return typology_angle_deg(skin_reflectance(melanin * kCheekMelanin, traits.blood * kCheekBlood));
  };
  double aim = traits.ita_deg;
  for (int step = 0; step < 6; ++step) aim += 0.8 * (traits.ita_deg - cheek_ita(melanin_of_ita(aim)));
  return melanin_of_ita(aim);
}

class Skin : public Material {
 public:
  Skin(const Traits& traits, const SkinTexture& texture)
      : traits_(traits),
        texture_(texture),
        map_(traits),
        proportions_(traits),
        loft_(traits),
        hair_(hair_reflectance(traits.hair_melanin, traits.hair_redness) * 0.6f) {
    const double melanin = melanin_for(traits);
    for (std::size_t m = 0; m < kMelaninSteps; ++m)
      for (std::size_t b = 0; b < kBloodSteps; ++b)
        table_[m][b] =
            skin_reflectance(melanin * melanin_factor(share(m, kMelaninSteps)), blood_of(share(b, kBloodSteps)));
    mouth_ = skin_reflectance(0.02, 0.25) * 0.35f;
    const float hue = traits.clothes_hue;
    for (std::size_t i = 0; i < kBandCount; ++i) {
      const auto nm = static_cast<float>(band_nm(i));
      clothes_.v[i] = 0.06f + 0.3f * bump(nm - 420 - 280 * hue, 0, 90, 1);
    }
  }

  void shade(const SurfacePoint& point, Surface& surface) const override {
    const Vec3f r = point.rest;
    surface.emission = {};
    if (r.y > 128 && below_collar(r)) {
      surface.diffuse = clothes_;
      surface.specular = 0;
      return;
    }
    if (in_mouth(r)) {
      surface.diffuse = mouth_;
      surface.specular = 0.3f;
      surface.roughness = 0.4f;
      return;
    }
    const SkinState s = state(r);
    const float lips = smooth_step(0.4f, 0.65f, s.blood);
    surface.diffuse = spectrum(s) * mix(texture_.at(r), 1, lips);
    if (s.hair > 0) surface.diffuse = surface.diffuse * (1 - s.hair) + hair_ * s.hair;
    surface.diffuse *= s.light;
    surface.specular = mix(0.42f, 0.6f, lips) * (1 - 0.7f * s.hair) * s.light;
    surface.roughness = mix(0.42f, 0.36f, lips);
  }

 private:
  static double share(std::size_t i, std::size_t count) {
    return static_cast<double>(i) / static_cast<double>(count - 1);
  }
  static double melanin_factor(double share) { return 0.5 * std::pow(6.0, share); }
  /// Plain skin has the subject's own blood; 1 is lip red.
  double blood_of(double share) const {
    const double plain = SkinMap::kPlainBlood;
    return share < plain ? traits_.blood * (0.4 + 0.6 * share / plain)
                         : mix_double(traits_.blood, kLipBlood, (share - plain) / (1 - plain));
  }
  static double mix_double(double a, double b, double t) { return a + (b - a) * t; }

  SkinState state(const Vec3f& r) const {
    // The map is a frontal projection: sides and back have plain skin.
    const float frontal = smooth_step(72, 40, r.z);
    const SkinState s = SkinMap::plain();
    if (frontal == 0) return s;
    const SkinState m = map_.at(r.x, r.y);
    return {mix(s.blood, m.blood, frontal), mix(s.melanin, m.melanin, frontal), m.hair * smooth_step(60, 25, r.z),
            mix(1, m.light, frontal)};
  }

  Spectrum spectrum(const SkinState& s) const {
    const float fm = saturate(s.melanin) * (kMelaninSteps - 1.001f), fb = saturate(s.blood) * (kBloodSteps - 1.001f);
    const auto m = static_cast<std::size_t>(fm), b = static_cast<std::size_t>(fb);
    const float u = fm - static_cast<float>(m), v = fb - static_cast<float>(b);
    return table_[m][b] * ((1 - u) * (1 - v)) + table_[m][b + 1] * ((1 - u) * v) + table_[m + 1][b] * (u * (1 - v)) +
           table_[m + 1][b + 1] * (u * v);
  }

  bool below_collar(const Vec3f& r) const {
    const float across = r.x / 62;
    return r.y > 168 - 16 * across * across + (r.z - 70) * -0.12f;
  }

  bool in_mouth(const Vec3f& r) const {
    const Vec3f a = proportions_.to_average(r);
    return std::abs(a.x) < 30 && std::abs(a.y - kMouthHeight) < 14 && a.z > loft_.front(a.y) + 6 + 0.012f * a.x * a.x &&
           a.z < 40;
  }

  Traits traits_;
  SkinTexture texture_;
  SkinMap map_;
  Proportions proportions_;
  Loft loft_;
  std::array<std::array<Spectrum, kBloodSteps>, kMelaninSteps> table_;
  Spectrum hair_, mouth_, clothes_;
};

}  // namespace

std::shared_ptr<const Material> skin_material(const Traits& traits, const SkinTexture& texture) {
  return std::make_shared<Skin>(traits, texture);
}

}  // namespace nearfar::rig::head
