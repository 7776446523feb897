// The skin's fine texture: its contrast, and that it stays on the skin.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "cameras/scene/random.h"
#include "subjects/skin_texture.h"
#include "subjects/subject.h"
#include "test/shared_data.h"
#include "test/suites.h"

namespace nearfar::rig::test {
namespace {

constexpr double kPixelMm = 1 / 3.4;

/// Mean of the texture over each pixel of a patch that lies somewhere in space, turned anyhow.
std::vector<double> patch(const SkinTexture& texture, Random& random) {
  constexpr int kPixels = 40, kSamples = 5;
  const auto direction = [&] { return Vec3{random.gaussian(), random.gaussian(), random.gaussian()}; };
  const Vec3 x = normalized(direction());
  const Vec3 y = normalized(cross(x, direction()));
  const Vec3 corner = direction() * 50;
  std::vector<double> means;
  for (int row = 0; row < kPixels * kSamples; row += kSamples)
    for (int column = 0; column < kPixels * kSamples; column += kSamples) {
      double sum = 0;
      for (int j = 0; j < kSamples; ++j)
        for (int i = 0; i < kSamples; ++i) {
          const Vec3 p =
              corner + x * ((column + i) * kPixelMm / kSamples) + y * ((row + j) * kPixelMm / kSamples);
          sum += texture.at({static_cast<float>(p.x), static_cast<float>(p.y), static_cast<float>(p.z)});
        }
      means.push_back(sum / (kSamples * kSamples));
    }
  return means;
}

void contrast_is_as_asked() {
  Random random(3);
  for (const double asked : {0.03, 0.1, 0.3}) {
    std::vector<double> pixels;
    for (std::uint64_t person = 0; person < 40; ++person) {
      const auto more = patch(SkinTexture(asked, person), random);
      pixels.insert(pixels.end(), more.begin(), more.end());
    }
    const auto count = static_cast<double>(pixels.size());
    const double mean = std::accumulate(pixels.begin(), pixels.end(), 0.0) / count;
    double squares = 0;
    for (const double value : pixels) squares += (value - mean) * (value - mean);
    expect_near(std::sqrt(squares / count) / mean / asked, 1, 0.06, "contrast " + std::to_string(asked));
    expect_near(mean, 1, 0.02, "the mean stays");
    expect(*std::min_element(pixels.begin(), pixels.end()) > 0.1, "no black holes");
  }
}

void none_is_none() {
  const SkinTexture texture(0, 5);
  for (int i = 0; i < 100; ++i)
    expect(texture.at({0.37f * static_cast<float>(i), 0.1f, -0.7f}) == 1, "exactly nothing");
}

/// Diffuse reflectance in the green that the largest mesh has at a rest place, wherever it has moved.
float green_at(const Object& object, const Vec3f& rest, const Vec3f& position) {
  SurfacePoint point;
  point.rest = rest;
  point.position = position;
  Surface surface;
  object.meshes.front().material->shade(point, surface);
  return surface.diffuse.v[kBandCount / 2];
}

SubjectSpec person(const std::string& source, const std::string& expression, double contrast) {
  SubjectSpec spec;
  spec.source = source;
  spec.identity = 5;
  spec.expression = expression;
  spec.skin_contrast = contrast;
  return spec;
}

void it_stays_on_the_skin(const std::string& source, const AssetFolders& folders) {
  const auto neutral = build_subject(person(source, "neutral", 0.1), 0, folders);
  const auto smile = build_subject(person(source, "smile", 0.1), 0, folders);
  const auto smooth = build_subject(person(source, "neutral", 0), 0, folders);
  const Mesh& moved = smile->meshes.front();
  std::size_t skin = 0, textured = 0;
  for (std::size_t i = 0; i < moved.positions.size(); ++i) {
    const Vec3f& rest = moved.rest[i];
    // A cheek.
    if (std::abs(rest.x - 38) > 12 || std::abs(rest.y - 40) > 12 || rest.z > 60) continue;
    const float with = green_at(*smile, rest, moved.positions[i]);
    expect(with == green_at(*neutral, rest, rest), source + ": an expression takes the texture along");
    ++skin;
    if (std::abs(with / green_at(*smooth, rest, rest) - 1) > 0.01f) ++textured;
  }
  expect(skin > 20, source + ": there is a cheek");
  expect(static_cast<double>(textured) > 0.8 * static_cast<double>(skin), source + ": and it is textured");
}

void it_stays_on_heads() { it_stays_on_the_skin("head", {}); }

void it_stays_on_ict_heads() {
  if (const auto kit = shared_data("ict-facekit")) it_stays_on_the_skin("ict", {{}, *kit});
}

}  // namespace

void test_skin_texture(Suite& suite) {
  suite.run("skin texture: has the contrast that is asked for", contrast_is_as_asked);
  suite.run("skin texture: none is none", none_is_none);
  suite.run("skin texture: moves with the face", it_stays_on_heads);
  suite.run("skin texture: moves with an ICT-FaceKit face", it_stays_on_ict_heads);
}

}  // namespace nearfar::rig::test
