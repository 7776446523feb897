#include "optics/flaws.h"

#include <cmath>
#include <numbers>

#include "cameras/scene/random.h"

namespace nearfar::rig {
namespace {

// Streams of the seed, one for each kind of flaw.
constexpr std::uint64_t kLensStream = 0x6C656E73;
constexpr std::uint64_t kPlateStream = 0x706C6174;

// Wide retrofocus lenses: the least-parallax point moves forward by a few tenths of a mm at 25°.
constexpr double kPupilWalk_mm = 2.5;
// Residuals that splined models find in good lenses after Brown's: a few tenths of a px at the corner.
constexpr double kPrismR2_px = 0.2;
constexpr double kPrismR4_px = 0.3;
constexpr double kRadial_px = 0.3;
// Good float glass: half a minute of wedge, faces true to a few waves.
constexpr double kWedge_rad = 0.5 / 60 * kRadPerDeg;
constexpr double kFigure_mm = 0.6 * 550e-6;

Vec2 turned(double length, Random& random) {
  const double angle = 2 * std::numbers::pi * random.uniform();
  return {length * std::cos(angle), length * std::sin(angle)};
}

FaceFigure drawn_figure(Random& random) {
  FaceFigure figure;
  for (double& height : figure.height_mm) height = kFigure_mm * random.gaussian();
  return figure;
}

}  // namespace

Vec2 FaceFigure::slope(double u, double v) const {
  constexpr double kThird = 1.0 / 3;
  const auto& [uu, uv, vv, uuu, uuv, uvv, vvv] = height_mm;
  const double along_u = 2 * uu * u + uv * v + uuu * (3 * u * u - 1) + 2 * uuv * u * v + uvv * (v * v - kThird);
  const double along_v = 2 * vv * v + uv * u + vvv * (3 * v * v - 1) + 2 * uvv * u * v + uuv * (u * u - kThird);
  return {along_u, along_v};
}

LensFlaws lens_flaws(std::uint64_t seed, Arm arm) {
  Random random(mix_seed({seed, kLensStream, static_cast<std::uint64_t>(arm)}));
  LensFlaws flaws;
  flaws.pupil_walk_mm = kPupilWalk_mm * (0.8 + 0.4 * random.uniform());
  flaws.prism_r2_px = turned(kPrismR2_px, random);
  flaws.prism_r4_px = turned(kPrismR4_px, random);
  flaws.radial_px = random.uniform() < 0.5 ? -kRadial_px : kRadial_px;
  return flaws;
}

PlateFlaws plate_flaws(std::uint64_t seed) {
  Random random(mix_seed({seed, kPlateStream}));
  PlateFlaws flaws;
  flaws.wedge_rad = turned(kWedge_rad, random);
  flaws.coated = drawn_figure(random);
  flaws.back = drawn_figure(random);
  return flaws;
}

}  // namespace nearfar::rig
