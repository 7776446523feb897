#include "match_scene.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>
#include <vector>

namespace nearfar::vision::test {
namespace {

using match::Arm;
using match::Mapper;
using match::Place;

constexpr double brightness = 8000;

double even(std::mt19937& engine) { return static_cast<double>(engine()) / 4294967296.0; }

/// Waves of 5 to 20 px in all directions.
class Texture {
 public:
  Texture(double rms, unsigned seed) : amplitude_(rms * std::sqrt(2.0 / count)) {
    std::mt19937 engine(seed);
    for (int k = 0; k < count; k++) {
      const double angle = 6.2831853 * even(engine), length = 5 + 15 * even(engine);
      waves_.push_back({6.2831853 / length * std::cos(angle), 6.2831853 / length * std::sin(angle),
                        6.2831853 * even(engine)});
    }
  }
  double at(double x, double y) const {
    double sum = 1;
    for (const Wave& wave : waves_) sum += amplitude_ * std::sin(wave.x * x + wave.y * y + wave.phase);
    return sum;
  }

 private:
  static constexpr int count = 40;
  struct Wave {
    double x, y, phase;
  };
  double amplitude_;
  std::vector<Wave> waves_;
};

class Noise {
 public:
  Noise(double rms, unsigned seed) : rms_(rms), engine_(seed) {}
  double operator()() {
    double sum = -6;
    for (int k = 0; k < 12; k++) sum += even(engine_);
    return rms_ * sum;
  }

 private:
  double rms_;
  std::mt19937 engine_;
};

std::uint16_t stored(double value) { return static_cast<std::uint16_t>(std::clamp(value, 0.0, 65535.0)); }

match::Geometry geometry_of(const SceneOptions& options) {
  match::Geometry geometry;
  geometry.size = options.size;
  geometry.px_per_mm = 3.4;
  geometry.epipole_x = -150;
  geometry.epipole_y = options.size / 2.0;
  geometry.near_depth_mm = 450;
  geometry.far_depth_mm = 1600;
  geometry.errors = options.errors;
  return geometry;
}

match::Image blank(int size) {
  const std::size_t pixels = static_cast<std::size_t>(size) * size;
  return {std::vector<std::uint16_t>(pixels), 1, std::vector<std::uint8_t>(pixels, 1)};
}

/// Splats the near surface, finely, into the far image; the nearest wins.
struct Splat {
  match::Plane depth;
  match::Field<std::pair<double, double>> place;
};

Splat splat(const MatchScene& scene) {
  constexpr double step = 0.25;
  const int size = scene.request.geometry.size;
  const Mapper to_far(scene.request.geometry, Arm::near);
  Splat found{match::Plane(size, -1000), match::Field<std::pair<double, double>>(size)};
  for (double y = -60; y < size + 60; y += step) {
    for (double x = -60; x < size + 60; x += step) {
      const double h = scene.near_depth_mm(x, y);
      const Place place = to_far(x, y, h);
      const int column = static_cast<int>(std::lround(place.x)), row = static_cast<int>(std::lround(place.y));
      if (column < 0 || row < 0 || column >= size || row >= size) continue;
      if (found.depth.at(column, row) > h - 1e-6) continue;
      found.depth.at(column, row) = static_cast<float>(h);
      found.place.at(column, row) = {x, y};
    }
  }
  return found;
}

}  // namespace

MatchScene match_scene(const SceneOptions& options, std::function<double(double, double)> depth_mm) {
  const int size = options.size;
  MatchScene scene{{blank(size), blank(size), geometry_of(options), -80, 60},
                   std::move(depth_mm),
                   match::Plane(size),
                   match::Field<std::uint8_t>(size, 0)};
  const Texture texture(options.texture, 7), hidden_texture(options.texture, 8);
  Noise near_noise(options.noise, 1), far_noise(options.noise, 2);
  const Splat seen = splat(scene);
  const Mapper to_near(scene.request.geometry, Arm::far);
  for (int y = 0; y < size; y++) {
    for (int x = 0; x < size; x++) {
      const std::size_t i = static_cast<std::size_t>(y) * size + x;
      scene.request.near.samples[i] = stored(brightness * options.near_gain * (texture.at(x, y) + near_noise()));
      double value = 0;
      if (seen.depth.at(x, y) < -999) {
        scene.far_hidden.at(x, y) = 1;
        value = hidden_texture.at(x, y);
      } else {
        // From the splatted place to the exact one.
        double h = seen.depth.at(x, y);
        for (int k = 0; k < 4; k++) {
          const Place place = to_near(x, y, h);
          h = scene.near_depth_mm(place.x, place.y);
          value = texture.at(place.x, place.y);
        }
        scene.far_depth_mm.at(x, y) = static_cast<float>(h);
      }
      scene.request.far.samples[i] = stored(brightness * (value + far_noise()));
    }
  }
  return scene;
}

}  // namespace nearfar::vision::test
