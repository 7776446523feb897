#include "subjects/head/eyes.h"

#include <numbers>

#include "cameras/scene/random.h"
#include "spectra/spectra.h"
#include "subjects/head/noise.h"
#include "subjects/head/surface_search.h"

namespace nearfar::rig::head {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;
constexpr float kPupilRadius = 2.0f;

/// Iris, limbal ring, pupil, veins, and the shade that the upper lid throws on the ball.
class Eyeball : public Material {
 public:
  explicit Eyeball(const Shape& shape)
      : centre_(shape.eyeball_centre()),
        iris_(iris_reflectance(shape.traits().iris_kind) * 0.65f),
        sclera_(sclera_reflectance() * 0.75f),
        layer_(static_cast<std::int32_t>(shape.traits().seed & 0xFFFF)) {
    for (std::size_t i = 0; i < margin_.size(); ++i)
      margin_[i] = shape.eye().upper(centre_.x - kSpan + 2 * kSpan * static_cast<float>(i) / (margin_.size() - 1));
    flesh_ = skin_reflectance(0.02, 0.12);
  }

  /// u is the distance from the pupil's middle along the ball, mm; v the angle about it.
  void shade(const SurfacePoint& point, Surface& surface) const override {
    surface.emission = {};
    surface.specular = 1;
    surface.roughness = 0.06f;
    const float r = point.u;
    const float fibres = noise(point.v * 14, r * 0.5f, layer_) + 0.5f * noise(point.v * 34, r * 0.3f, layer_ + 1);
    const float collar = bump(r - 3.0f, 0, 0.8f, 1);
    const float limbus = smooth_step(kIrisRadius - 1.5f, kIrisRadius - 0.1f, r);
    Spectrum iris = iris_ * ((1 + 0.28f * fibres + 0.2f * collar) * (1 - 0.75f * limbus) *
                             smooth_step(kPupilRadius - 0.25f, kPupilRadius + 0.25f, r));
    const float white = smooth_step(kIrisRadius - 0.35f, kIrisRadius + 0.45f, r);
    const float veins =
        saturate(0.08f + 0.3f * smooth_step(9, 16, r) + 0.12f * noise(point.v * 30, r * 0.4f, layer_ + 2));
    const Spectrum ball = sclera_ * (1 - veins) + flesh_ * veins;
    surface.diffuse = (iris * (1 - white) + ball * white) * lid_shade(point.position);
  }

 private:
  static constexpr float kSpan = 18;
  float lid_shade(const Vec3f& p) const {
    const float at = saturate((std::abs(p.x) - centre_.x + kSpan) / (2 * kSpan)) * (margin_.size() - 1.001f);
    const auto i = static_cast<std::size_t>(at);
    const float lid = mix(margin_[i], margin_[i + 1], at - static_cast<float>(i));
    return mix(0.42f, 1, smooth_step(-0.5f, 3.2f, p.y - lid)) *
           mix(0.72f, 1, smooth_step(14, 9, std::abs(std::abs(p.x) - centre_.x)));
  }
  Vec3f centre_;
  Spectrum iris_, sclera_, flesh_;
  std::int32_t layer_;
  std::array<float, 65> margin_{};
};

class Lash : public Material {
 public:
  explicit Lash(const Traits& t) : hair_(hair_reflectance(std::max(t.hair_melanin, 0.5), t.hair_redness)) {}
  void shade(const SurfacePoint&, Surface& surface) const override {
    surface.diffuse = hair_;
    surface.emission = {};
    surface.specular = 0.1f;
    surface.roughness = 0.6f;
  }

 private:
  Spectrum hair_;
};

/// Rings about the line of sight, the finer the nearer to the pupil.
Mesh eyeball(const Vec3f& centre, const Vec3f& gaze) {
  constexpr int kRings = 36, kSpokes = 64;
  const Vec3f side = normalized(cross({0, 1, 0}, gaze)), up = cross(gaze, side);
  Mesh mesh;
  for (int i = 0; i <= kRings; ++i) {
    const float t = static_cast<float>(i) / kRings;
    const float polar = kPi * (0.45f * t + 0.55f * t * t);
    for (int j = 0; j <= kSpokes; ++j) {
      const float turn = 2 * kPi * static_cast<float>(j) / kSpokes;
      const Vec3f n = gaze * std::cos(polar) + (side * std::cos(turn) + up * std::sin(turn)) * std::sin(polar);
      mesh.positions.push_back(centre + n * kEyeballRadius);
      mesh.normals.push_back(n);
      mesh.uvs.push_back({polar * kEyeballRadius, turn});
    }
  }
  for (std::uint32_t i = 0; i < kRings; ++i)
    for (std::uint32_t j = 0; j < kSpokes; ++j) {
      const std::uint32_t a = i * (kSpokes + 1) + j, b = a + kSpokes + 1;
      mesh.triangles.push_back({a, a + 1, b});
      mesh.triangles.push_back({a + 1, b + 1, b});
    }
  return mesh;
}

/// One row of lashes along a lid margin of the eye on side `sign`.
void add_lashes(Mesh& mesh, const Shape& shape, float sign, bool upper, int count, float longest) {
  const EyeOpening& eye = shape.eye();
  Random random(mix_seed({shape.traits().seed, upper ? 1u : 2u}));
  const auto jitter = [&](float size) { return size * static_cast<float>(random.uniform() - 0.5); };
  for (int i = 0; i < count; ++i) {
    const float s = -0.86f + 1.82f * (static_cast<float>(i) + 0.5f) / static_cast<float>(count) + jitter(0.03f);
    const float x = eye.centre_x() + s * eye.half_width();
    const float y = upper ? eye.upper(x) - 0.15f : eye.lower(x) + 0.25f;
    const auto root = first_hit(shape, {x, y, -60}, {0, 0, 1});
    if (!root) continue;
    const float size = longest * (0.62f + 0.38f * s) * (0.85f + jitter(0.3f));
    const Vec3f out = normalized({0.75f * s + jitter(0.2f), upper ? -0.12f : 0.75f, -1});
    const Vec3f bend{0, upper ? -0.38f : 0.1f, 0};
    const Vec3f tip = *root + out * size + bend * size;
    const Vec3f middle = *root + out * (0.55f * size) + bend * (0.12f * size);
    const auto first = static_cast<std::uint32_t>(mesh.positions.size());
    for (const Vec3f& p : {*root + Vec3f{-0.16f, 0, 0}, *root + Vec3f{0.16f, 0, 0}, middle + Vec3f{-0.1f, 0, 0},
                           middle + Vec3f{0.1f, 0, 0}, tip})
      mesh.positions.push_back({sign * p.x, p.y, p.z});
    for (std::array<std::uint32_t, 3> t : {std::array<std::uint32_t, 3>{0, 1, 2}, {1, 3, 2}, {2, 3, 4}}) {
      if (sign < 0) std::swap(t[1], t[2]);
      mesh.triangles.push_back({first + t[0], first + t[1], first + t[2]});
    }
  }
}

}  // namespace

std::vector<Mesh> eye_meshes(const Shape& shape) {
  const auto material = std::make_shared<Eyeball>(shape);
  const Vec3f target{0, 0, -800};
  std::vector<Mesh> meshes;
  Mesh lashes;
  lashes.material = std::make_shared<Lash>(shape.traits());
  for (const float sign : {-1.0f, 1.0f}) {
    const Vec3f pupil{sign * shape.traits().pupil_distance / 2, 0, 0};
    const Vec3f gaze = normalized(target - pupil);
    // The ball's middle lies so that the pupil stays on the eye plane while it looks inwards.
    Mesh ball = eyeball(pupil - gaze * kEyeballRadius, gaze);
    ball.material = material;
    meshes.push_back(std::move(ball));
    add_lashes(lashes, shape, sign, true, 44, 7.5f);
    add_lashes(lashes, shape, sign, false, 30, 2.4f);
  }
  meshes.push_back(std::move(lashes));
  return meshes;
}

}  // namespace nearfar::rig::head
