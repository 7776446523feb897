#include "subjects/head/skin_map.h"

#include "subjects/head/noise.h"

namespace nearfar::rig::head {
namespace {

/// Paints one texel after another; coordinates in mm, own and average proportions, x positive.
class Painter {
 public:
  explicit Painter(const Traits& traits)
      : t_(traits),
        proportions_(traits),
        eye_(traits, {}),
        mouth_(traits),
        brow_(traits),
        layer_(static_cast<std::int32_t>(traits.seed & 0xFFFFF)) {}

  SkinState paint(float x, float y) const {
    const Vec3f average = proportions_.to_average({std::abs(x), y, 0});
    SkinState s = SkinMap::plain();
    blush(s, average.x, average.y);
    mottle(s, x, y);
    lips(s, average.x, average.y, x);
    stubble(s, average.x, average.y, x, y);
    brows(s, average.x, average.y, x);
    nostrils(s, average.x, average.y);
    eyes(s, std::abs(x), y, x);
    return s;
  }

 private:
  void blush(SkinState& s, float x, float y) const {
    s.blood += 0.06f * bump(x - 42, y - 34, 20, 17) + 0.09f * bump(x, y - 38, 15, 12) + 0.04f * bump(x, y - 98, 16, 12);
    s.melanin +=
        0.05f * bump(x - 31, y - 10, 16, 7) + 0.03f * smooth_step(-30, -60, y) + 0.04f * bump(x, y - 60, 34, 10);
    s.blood += 0.05f * bump(x - 28, y - 9, 14, 6);
    s.melanin += 0.05f * bump(x - 31, y + 7, 16, 5);
    s.light -= 0.12f * bump(x - 19, y - 45, 2.5f, 5);
  }

  void mottle(SkinState& s, float x, float y) const {
    const float patches = noise(x / 14, y / 14, layer_) + 0.6f * noise(x / 5, y / 5, layer_ + 1);
    const float pores = noise(x / 1.1f, y / 1.1f, layer_ + 2);
    s.blood += 0.018f * patches + 0.012f * pores;
    s.melanin += 0.014f * noise(x / 9, y / 9, layer_ + 3) + (0.008f + 0.01f * t_.age) * pores;
    const float spots = smooth_step(0.45f, 0.8f, noise(x / 1.3f + y / 3, y / 1.3f - x / 3, layer_ + 4));
    s.melanin += 0.16f * t_.freckles * spots * smooth_step(-25, -5, y) * smooth_step(60, 30, y);
  }

  void lips(SkinState& s, float x, float y, float signed_x) const {
    const float w = mouth_.half_width();
    if (x > w + 3) return;
    const float cleft = mouth_.cleft(x);
    const float inside = std::min(y - mouth_.upper_edge(x), mouth_.lower_edge(x) - y);
    const float red = smooth_step(-0.6f, 0.7f, inside) * smooth_step(w + 0.5f, w - 2, x);
    const float wrinkles = noise(signed_x / 1.3f, y / 9, layer_ + 5);
    s.blood = mix(s.blood, 0.9f * t_.lip_redness + 0.06f * wrinkles, red);
    s.melanin = mix(s.melanin, 0.24f, red);
    const float line = bump(0, y - cleft, 1, 0.75f) * smooth_step(w + 2.5f, w - 3, x);
    s.light -= 0.72f * line;
  }

  void stubble(SkinState& s, float x, float y, float signed_x, float own_y) const {
    if (t_.stubble == 0 || y < 30) return;
    const float jaw = smooth_step(34, 58, y + 0.55f * (x - 40)) * smooth_step(140, 120, y);
    const float clean = bump(x, y - 78, 26, 4) + bump(x - 30, y - 50, 14, 16) + bump(x, y - 46, 9, 5);
    const float grains = 0.55f + 0.45f * noise(signed_x / 0.7f, own_y / 0.7f, layer_ + 6);
    s.hair = std::max(s.hair, 0.5f * t_.stubble * jaw * saturate(1 - clean) * grains * (s.blood > 0.5f ? 0 : 1));
  }

  void brows(SkinState& s, float x, float y, float signed_x) const {
    const float half = brow_.half_thickness(x);
    if (half <= 0) return;
    const float d = (y - brow_.height(x)) / half;
    // Hairs lean outwards and up; their roots are ragged at both edges.
    const float strands = noise((signed_x * 1.0f + (signed_x < 0 ? -0.5f : 0.5f) * y) / 0.55f, y / 3.2f, layer_ + 7);
    const float cover = smooth_step(1.3f, 0.7f, std::abs(d) + 0.28f * strands);
    s.hair = std::max(s.hair, t_.brow_density * cover * (0.9f + 0.1f * strands));
  }

  void nostrils(SkinState& s, float x, float y) const {
    const float base = kNoseBase * t_.nose_length;
    s.light -= 0.6f * bump(x - 6.8f * t_.nose_width, y - base - 0.4f, 3.0f, 1.9f);
  }

  void eyes(SkinState& s, float x, float y, float signed_x) const {
    const float along = eye_.along(x);
    if (std::abs(along) > 1.2f || std::abs(y) > 16) return;
    const float upper = eye_.upper(x), lower = eye_.lower(x);
    const float ends = smooth_step(1.12f, 0.98f, std::abs(along));
    const float wet = smooth_step(0.4f, -0.3f, eye_.distance(x, y));
    s.blood = mix(s.blood, 0.62f, wet);
    s.melanin = mix(s.melanin, 0.2f, wet);
    const float ragged = 0.25f * noise(signed_x / 0.6f, 0, layer_ + 8);
    const float upper_lashes =
        smooth_step(1.9f, 0.4f, std::abs(y - upper + 0.35f) + ragged) * mix(0.6f, 1, smooth_step(-1, 0.3f, along));
    const float lower_lashes =
        0.5f * smooth_step(1.1f, 0.2f, std::abs(y - lower - 0.3f) + ragged) * smooth_step(-0.7f, 0.5f, along);
    s.hair = std::max(s.hair, std::max(0.93f * upper_lashes, lower_lashes) * ends * (1 - wet));
  }

  Traits t_;
  Proportions proportions_;
  EyeOpening eye_;
  MouthLine mouth_;
  Brow brow_;
  std::int32_t layer_;
};

std::uint8_t quantized(float share) { return static_cast<std::uint8_t>(saturate(share) * 255 + 0.5f); }

}  // namespace

SkinState SkinMap::plain() { return {kPlainBlood, kPlainMelanin, 0, 1}; }

SkinMap::SkinMap(const Traits& traits) : texels_(static_cast<std::size_t>(kWidth) * kHeight) {
  const Painter painter(traits);
  for (int j = 0; j < kHeight; ++j)
    for (int i = 0; i < kWidth; ++i) {
      const SkinState s =
          painter.paint(kLeft + kStepMm * static_cast<float>(i), kTop + kStepMm * static_cast<float>(j));
      texels_[static_cast<std::size_t>(j) * kWidth + static_cast<std::size_t>(i)] = {
          quantized(s.blood), quantized(s.melanin), quantized(s.hair), quantized(s.light)};
    }
}

SkinState SkinMap::at(float x, float y) const {
  const float fx = std::clamp((x - kLeft) / kStepMm, 0.0f, kWidth - 1.001f);
  const float fy = std::clamp((y - kTop) / kStepMm, 0.0f, kHeight - 1.001f);
  const auto i = static_cast<std::size_t>(fx), j = static_cast<std::size_t>(fy);
  const float u = fx - static_cast<float>(i), v = fy - static_cast<float>(j);
  const auto* row = &texels_[j * kWidth + i];
  const auto* next = row + kWidth;
  float out[4];
  for (std::size_t c = 0; c < 4; ++c) {
    const float top = mix(row[0][c], row[1][c], u), bottom = mix(next[0][c], next[1][c], u);
    out[c] = mix(top, bottom, v) * (1.0f / 255);
  }
  return {out[0], out[1], out[2], out[3]};
}

}  // namespace nearfar::rig::head
