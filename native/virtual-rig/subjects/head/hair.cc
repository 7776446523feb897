#include "subjects/head/hair.h"

#include "spectra/spectra.h"
#include "subjects/head/noise.h"
#include "subjects/head/polygonize.h"

namespace nearfar::rig::head {
namespace {

struct Style {
  /// Thickness on top, at the sides and the nape, mm.
  float top, side, nape;
  /// How far it hangs below the hairline beside and behind the ears, mm; 0 for short hair.
  float length;
  /// Roughness of the outline, mm, and size of its curls, mm.
  float rough, curl;
};

Style style_of(HairStyle style) {
  switch (style) {
    case HairStyle::cropped:
      return {4, 3, 3, 0, 0.4f, 3};
    case HairStyle::short_sides:
      return {13, 4, 4, 0, 1.6f, 7};
    case HairStyle::swept:
      return {19, 9, 8, 0, 2.2f, 10};
    case HairStyle::bob:
      return {15, 16, 14, 105, 1.6f, 9};
    case HairStyle::long_hair:
      return {13, 13, 14, 190, 1.8f, 10};
    case HairStyle::round:
      return {30, 26, 22, 0, 2.2f, 6};
    case HairStyle::bald:
      break;
  }
  return {};
}

class Hair : public Material {
 public:
  explicit Hair(const Traits& t)
      : dark_(hair_reflectance(t.hair_melanin, t.hair_redness)),
        light_(hair_reflectance(std::max(t.hair_melanin - 0.12, 0.03), t.hair_redness)),
        layer_(static_cast<std::int32_t>(t.seed & 0xFFFF) + 100),
        curly_(t.hair == HairStyle::round || t.hair == HairStyle::cropped) {}

  void shade(const SurfacePoint& point, Surface& surface) const override {
    const Vec3f& p = point.position;
    // Strands run down and back from the crown: fine across, long along.
    const float angle = std::atan2(p.x, 95 - p.z);
    const float along = p.y * 0.5f + p.z * 0.5f;
    const float strands =
        curly_ ? noise(p.x * 0.7f + p.z * 0.5f, p.y * 0.7f, layer_)
               : noise(angle * 75, along / 22, layer_) * 0.6f + noise(angle * 190, along / 9, layer_ + 1) * 0.4f;
    const float t = saturate(0.5f + 0.5f * strands);
    surface.diffuse = (dark_ * (1 - t) + light_ * t) * (0.5f + 0.5f * t);
    surface.emission = {};
    surface.specular = 0.16f;
    surface.roughness = 0.5f;
  }

 private:
  Spectrum dark_, light_;
  std::int32_t layer_;
  bool curly_;
};

class HairShape {
 public:
  explicit HairShape(const Shape& shape)
      : shape_(shape),
        style_(style_of(shape.traits().hair)),
        layer_(static_cast<std::int32_t>(shape.traits().seed & 0xFFFF)) {}

  float distance(const Vec3f& p) const {
    const float scalp = shape_.scalp_distance(p);
    if (scalp > 80) return scalp - 60;
    const float inside = hairline(p);
    const float up = smooth_step(-40, -90, p.y), back = smooth_step(70, 130, p.z);
    // A parting off the middle: fuller to one side.
    const float parted = shape_.traits().hair == HairStyle::swept ? 0.3f * std::sin((p.x - 22) / 26) * up : 0;
    const float full = (1 + parted) * mix(mix(style_.side, style_.nape, back), style_.top, up);
    const float grown =
        full * smooth_step(-2, mix(30, 14, smooth_step(30, 70, p.z)), inside) - 2 * smooth_step(3, -3, inside);
    // Under the hairline there is no hair at all.
    float f = smooth_cut(scalp - grown, inside + 5, 2);
    if (style_.length > 0) f = smooth_union(f, hanging(p), 10);
    const float c = style_.curl;
    const float wave = noise(p.x / c + p.z / (2.3f * c), p.y / (2 * c) + p.z / c, layer_);
    return f + style_.rough * wave * smooth_step(0, 14, inside);
  }

 private:
  /// How far above the hairline, mm, in the average head's proportions; negative on face and neck.
  float hairline(const Vec3f& own) const {
    const Vec3f p = shape_.proportions().to_average({std::abs(own.x), own.y, own.z});
    const float turn = std::atan2(p.x, 88 - p.z);
    constexpr std::array<std::array<float, 2>, 10> kLine{{{0, -64},
                                                          {0.35f, -65},
                                                          {0.62f, -60},
                                                          {0.85f, -46},
                                                          {1.02f, -22},
                                                          {1.2f, 4},
                                                          {1.42f, 2},
                                                          {1.62f, -14},
                                                          {2.05f, 30},
                                                          {3.2f, 62}}};
    std::size_t i = 0;
    while (i + 2 < kLine.size() && kLine[i + 1][0] < turn) ++i;
    const float t = saturate((turn - kLine[i][0]) / (kLine[i + 1][0] - kLine[i][0]));
    const float swept = shape_.traits().hair == HairStyle::swept ? 7 - own.x * 0.12f : 0;
    const float line =
        mix(kLine[i][1], kLine[i + 1][1], t) - (shape_.traits().hairline + swept) * smooth_step(1.1f, 0.6f, turn);
    return line + 1.5f * noise(own.x / 3, own.y / 3, layer_ + 9) - p.y;
  }

  /// Long hair beside the face and on the neck.
  float hanging(const Vec3f& own) const {
    const Vec3f p{std::abs(own.x), own.y, own.z};
    const float low = -20 + style_.length;
    const float side = rod(p, {66, -30, 96}, {70, low, 92}, 20, 12);
    const float behind = ellipsoid(p, {0, 10 + style_.length / 3, 138}, {76, 40 + style_.length * 0.62f, 52});
    return smooth_union(side, behind, 25);
  }

  const Shape& shape_;
  Style style_;
  std::int32_t layer_;
};

}  // namespace

std::optional<Mesh> hair_mesh(const Shape& shape) {
  if (shape.traits().hair == HairStyle::bald) return std::nullopt;
  const HairShape hair(shape);
  const Grid grid{mirrored_lines({{132, 3.2f}}), grid_lines(-165, {{-40, 2.8f}, {190, 4}}),
                  grid_lines(-42, {{40, 2.6f}, {225, 4}})};
  const auto distance = [&](const Vec3f& p) { return hair.distance(p); };
  Mesh mesh = polygonize(distance, grid, 2.6f);
  for (const Vec3f& p : mesh.positions) {
    constexpr float e = 1;
    const Vec3f gradient{distance({p.x + e, p.y, p.z}) - distance({p.x - e, p.y, p.z}),
                         distance({p.x, p.y + e, p.z}) - distance({p.x, p.y - e, p.z}),
                         distance({p.x, p.y, p.z + e}) - distance({p.x, p.y, p.z - e})};
    mesh.normals.push_back(normalized(gradient));
  }
  mesh.material = std::make_shared<Hair>(shape.traits());
  return mesh;
}

}  // namespace nearfar::rig::head
