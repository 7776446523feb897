// Honest mode: flaws that no calibration model has, and the coating.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <numbers>
#include <vector>

#include "optics/coating.h"
#include "optics/flaws.h"
#include "test/optics_fixture.h"
#include "test/suites.h"

namespace nearfar::rig::test {
namespace {

using namespace optics_fixture;

/// Least squares of `values` on the columns; @returns what no combination of them explains.
std::vector<double> unexplained(std::vector<std::vector<double>> columns, std::vector<double> values) {
  // Gram-Schmidt, twice for its rounding.
  for (std::size_t i = 0; i < columns.size(); ++i) {
    auto& column = columns[i];
    const auto remove = [](std::vector<double>& from, const std::vector<double>& unit) {
      double share = 0;
      for (std::size_t k = 0; k < from.size(); ++k) share += from[k] * unit[k];
      for (std::size_t k = 0; k < from.size(); ++k) from[k] -= share * unit[k];
    };
    for (int pass = 0; pass < 2; ++pass)
      for (std::size_t j = 0; j < i; ++j) remove(column, columns[j]);
    double norm = 0;
    for (const double x : column) norm += x * x;
    if (norm < 1e-18) continue;
    for (double& x : column) x /= std::sqrt(norm);
    remove(values, column);
  }
  return values;
}

/// Largest difference (px) between honest and plain images that a five-parameter calibration leaves: pose,
/// fx, fy, cx, cy and Brown's terms are fitted away over points at three depths.
double honest_residual_px(Arm arm, double distance) {
  const ArmOptics honest = arm_of(default_optics(true), arm, distance);
  const ArmOptics plain = arm_of(default_optics(false), arm, distance);
  std::vector<std::vector<double>> columns(15);
  std::vector<double> differences;
  for (const double z : {1550.0, 1600.0, 1680.0}) {
    over_field([&](Vec2 pixel) {
      const auto path = plain.paths(pixel, {0, 0}).main;
      if (!path || path->ray.origin.z > z) return;
      const auto seen = honest.project(at_z(path->ray, z));
      if (!seen) return;
      const double x = (pixel.x - 511.5) / 800, y = (pixel.y - 639.5) / 800, r2 = x * x + y * y;
      const double w = 450 / (z - plain.pupil().z);
      const double row_x[] = {1, 0, x, 0, y, x * x, x * y, w, 0, w * x, x * r2, x * r2 * r2, x * r2 * r2 * r2,
                              2 * x * y, r2 + 2 * x * x};
      const double row_y[] = {0, 1, 0, y, -x, x * y, y * y, 0, w, w * y, y * r2, y * r2 * r2, y * r2 * r2 * r2,
                              r2 + 2 * y * y, 2 * x * y};
      for (std::size_t k = 0; k < columns.size(); ++k) {
        columns[k].push_back(row_x[k]);
        columns[k].push_back(row_y[k]);
      }
      differences.push_back(seen->x - pixel.x);
      differences.push_back(seen->y - pixel.y);
    });
  }
  double worst = 0;
  for (const double r : unexplained(columns, differences)) worst = std::max(worst, std::abs(r));
  return worst;
}

void honest_is_richer_than_the_model() {
  for (const Arm arm : kArms) {
    for (const double distance : kDistances) {
      const double worst = honest_residual_px(arm, distance);
      expect(worst > 0.05, "honest optics escape the model");
      expect(worst < 2, "but stay a good lens");
    }
  }
  RigOptics other = default_optics(true);
  other.seed = 2;
  const Vec3 point{60, 80, 1600};
  const Vec2 a = arm_of(other, Arm::near).project(point).value();
  const Vec2 b = arm_of(default_optics(true), Arm::near).project(point).value();
  expect(std::hypot(a.x - b.x, a.y - b.y) > 1e-3, "another seed, another lens");
}

void flaws_have_their_sizes() {
  RigOptics optics = ideal_optics();
  optics.honest = true;
  optics.plate.present = false;
  const ArmOptics bare = arm_of(optics, Arm::near, 230);
  const Ray corner = main_ray(bare, {0, 0});
  const double walk = corner.origin.z - 1370;
  // 2.5 mm × (1 - cos of the field angle), ± 20 % from lens to lens.
  expect_near(walk, 2.5 * (1 - corner.direction.z), 0.5 * (1 - corner.direction.z) + 1e-9, "pupil walk");
  const Ray far = main_ray(arm_of(optics, Arm::far), {0, 0});
  expect(std::abs(far.origin.z) < 0.01, "a long lens has next to none");
  // Wedge of 1.45e-4 rad and slopes of 1e-5: the line of sight turns by about 1e-4 through the plate.
  optics.plate.present = true;
  const ArmOptics through = arm_of(optics, Arm::far);
  optics.honest = false;
  const ArmOptics plain = arm_of(optics, Arm::far);
  const double turn =
      length(main_ray(through, centre_of(plain)).direction - main_ray(plain, centre_of(plain)).direction);
  expect(turn > 5e-5 && turn < 2.5e-4, "wedge turns the line of sight");
}

void plate_is_not_flat() {
  const FaceFigure figure = plate_flaws(1).coated;
  double mean_u = 0, mean_v = 0, square = 0;
  constexpr int kSteps = 40;
  for (int j = 0; j < kSteps; ++j) {
    for (int i = 0; i < kSteps; ++i) {
      const Vec2 slope = figure.slope((2 * i + 1.0) / kSteps - 1, (2 * j + 1.0) / kSteps - 1);
      mean_u += slope.x / (kSteps * kSteps);
      mean_v += slope.y / (kSteps * kSteps);
      square += (std::pow(slope.x / 150, 2) + std::pow(slope.y / 190, 2)) / (kSteps * kSteps);
    }
  }
  expect_near(mean_u, 0, 1e-6, "mean slope along u");
  expect_near(mean_v, 0, 1e-6, "mean slope along v");
  expect(std::sqrt(square) > 3e-6 && std::sqrt(square) < 3e-5, "slopes of about 1e-5");

  RigOptics optics = ideal_optics();
  optics.honest = true;
  const ArmOptics mirrored = arm_of(optics, Arm::near, 1370);
  optics.plate.present = false;
  const ArmOptics unfolded = arm_of(optics, Arm::near, 1370);
  double least = 1, most = 0;
  over_field([&](Vec2 pixel) {
    const auto path = mirrored.paths(pixel, {0, 0}).main;
    if (!path) return;
    const double turn = length(path->ray.direction - main_ray(unfolded, pixel).direction);
    least = std::min(least, turn);
    most = std::max(most, turn);
  });
  expect(most > 1e-5 && most < 2e-4, "reflected rays turn by twice the slope");
  expect(least < most / 3, "differently over the plate");
}

void coating_polarises() {
  const RigOptics optics = ideal_optics();
  RigOptics honest = optics;
  honest.honest = true;
  expect_near(arm_of(optics, Arm::near).paths({512, 640}, {}).main->diattenuation, 0, 0, "plain mode does not");
  const Coating coating(honest.plate, true);
  const double cos45 = std::numbers::sqrt2 / 2;
  const PolarShare at45 = coating.reflected(cos45);
  expect_near(at45.s / at45.p, 0.65 / 0.35, 1e-9, "Rs/Rp at 45°");
  expect_near(at45.mean(), 1, 1e-12, "the mean is the spectrum's");
  expect_near(coating.reflected(1).diattenuation(), 0, 1e-12, "none at normal incidence");
  expect(coating.reflected(std::cos(68 * kRadPerDeg)).mean() > 1.05, "more reflection at grazing rays");
  for (double deg = 0; deg < 88; deg += 4) {
    const double c = std::cos(deg * kRadPerDeg);
    for (const PolarShare& share : {coating.reflected(c), coating.transmitted(c)})
      expect(share.s >= 0 && share.p >= 0, "shares are never negative");
  }
  const auto near = arm_of(honest, Arm::near).paths({511.5, 639.5}, {}).main;
  const auto far = arm_of(honest, Arm::far).paths({511.5, 639.5}, {}).main;
  expect(near && far, "both arms see the centre");
  expect_near(near->diattenuation, 0.3, 1e-3, "near analyses s");
  expect(far->diattenuation < -0.1, "far analyses p");
  expect_near(std::abs(near->s_axis.y), 1, 1e-2, "s is upright");
  expect_near(dot(near->s_axis, near->ray.direction), 0, 1e-9, "and across the ray");
}

void polarised_light_takes_its_own_share() {
  RigOptics honest = ideal_optics();
  honest.honest = true;
  for (const Arm arm : kArms) {
    const ArmOptics plain = arm_of(honest, arm);
    const ArmOptics s = arm_of(honest, arm, 450, {}, Polarisation::s);
    const ArmOptics p = arm_of(honest, arm, 450, {}, Polarisation::p);
    over_field([&](Vec2 pixel) {
      const PixelPaths all = plain.paths(pixel, {0, 0}), across = s.paths(pixel, {0, 0}), in = p.paths(pixel, {0, 0});
      if (!all.main || !all.ghost) return;
      const double mean = sum(all.main->weight);
      expect_near(sum(across.main->weight) / mean, 1 + all.main->diattenuation, 1e-5, "s");
      expect_near(sum(in.main->weight) / mean, 1 - all.main->diattenuation, 1e-5, "p");
      expect_near(across.main->diattenuation, 0, 0, "nothing is left to analyse");
      expect_near((sum(across.ghost->weight) + sum(in.ghost->weight)) / 2, sum(all.ghost->weight), 1e-6, "ghost");
      expect_near(sum(across.trap_weight), sum(all.trap_weight), 0, "the trap's light stays as it is");
    });
  }
}

void energy_is_kept() {
  for (const bool honest : {false, true}) {
    RigOptics optics = ideal_optics();
    optics.honest = honest;
    optics.plate.tint = true;
    for (const Arm arm : kArms) {
      const ArmOptics rig = arm_of(optics, arm);
      over_field([&](Vec2 pixel) {
        const PixelPaths paths = rig.paths(pixel, {0, 0});
        if (!paths.main || !paths.ghost) return;
        for (std::size_t band = 0; band < kBandCount; ++band) {
          const double all = paths.main->weight.v[band] + paths.ghost->weight.v[band] + paths.trap_weight.v[band];
          expect(all > 0.5 && all <= 1.0001, "a plate gives back no more light than it gets");
        }
      });
    }
  }
}

}  // namespace

void test_optics_flaws(Suite& suite) {
  suite.run("optics: honest mode is richer than the model", honest_is_richer_than_the_model);
  suite.run("optics: flaws have their sizes", flaws_have_their_sizes);
  suite.run("optics: the plate is not flat", plate_is_not_flat);
  suite.run("optics: the coating polarises", coating_polarises);
  suite.run("optics: polarised light", polarised_light_takes_its_own_share);
  suite.run("optics: energy", energy_is_kept);
}

}  // namespace nearfar::rig::test
