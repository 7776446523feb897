// Lens, plate and rail against formulas that share no code with them.
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numbers>
#include <vector>

#include "optics/arm_optics.h"
#include "optics/coating.h"
#include "optics/distortion.h"
#include "optics/flaws.h"
#include "optics/optics_json.h"
#include "optics/sensor_mount.h"
#include "test/suites.h"

namespace nearfar::rig::test {
namespace {

constexpr int kWidth = 1024;
constexpr int kHeight = 1280;
constexpr double kEyePlane = 1600;
constexpr std::array kDistances{230.0, 450.0, 900.0, 1370.0};

/// The defaults of src/schema/virtual-optics.ts.
RigOptics default_optics(bool honest) {
  RigOptics optics;
  optics.near.focal_lengths = {{230, 28}, {450, 50}, {900, 100}, {1370, 135}};
  optics.near.distortion = {-0.06, 0.02, 0.0003, -0.0002, 0};
  optics.near.vignetting = 0.15;
  optics.near.principal_point_px = {4.2, -3.1};
  optics.near.pupil_offset_mm = {0.7, -0.5, 0.8};
  optics.near.rotation_deg = {0.12, -0.09, 0.15};
  optics.far.focal_lengths = {{1600, 180}};
  optics.far.distortion = {0.08, 0, 0, 0, 0};
  optics.far.vignetting = 0.1;
  optics.far.principal_point_px = {-5.6, 3.8};
  optics.far.rotation_deg = {-0.06, 0.05, -0.1};
  optics.rail_x_deg = 0.08;
  optics.rail_y_deg = -0.06;
  optics.honest = honest;
  return optics;
}

/// Perfect lenses and poses; what is left is the plate.
RigOptics ideal_optics() {
  RigOptics optics;
  optics.near.focal_lengths = {{230, 28}, {450, 50}, {900, 100}, {1370, 135}};
  optics.far.focal_lengths = {{1600, 180}};
  optics.honest = false;
  return optics;
}

ArmOptics arm_of(const RigOptics& optics, Arm arm, double distance_mm = 450, Vec2 bump_deg = {}) {
  return ArmOptics(optics, arm, distance_mm, kWidth, kHeight, bump_deg);
}

/// Calls with pixels on a grid over the image, its corners included.
void over_field(const std::function<void(Vec2)>& call, int steps = 8) {
  for (int j = 0; j <= steps; ++j)
    for (int i = 0; i <= steps; ++i) call({(kWidth - 1.0) * i / steps, (kHeight - 1.0) * j / steps});
}

Vec3 at_z(const Ray& ray, double z) {
  return ray.origin + ray.direction * ((z - ray.origin.z) / ray.direction.z);
}

double off_line(const Ray& ray, const Vec3& point) { return length(cross(point - ray.origin, ray.direction)); }

Ray main_ray(const ArmOptics& optics, Vec2 pixel) {
  const PixelPaths paths = optics.paths(pixel, {0, 0});
  expect(paths.main.has_value(), "the pixel has a main path");
  return paths.main->ray;
}

Vec2 centre_of(const ArmOptics& optics) { return {optics.truth().cx_px, optics.truth().cy_px}; }

double sum(const Spectrum& s) { return dot(s, Spectrum::constant(1)); }

double ghost_share(const ArmOptics& optics, Vec2 pixel) {
  const PixelPaths paths = optics.paths(pixel, {0, 0});
  expect(paths.main && paths.ghost, "the pixel has a ghost");
  return sum(paths.ghost->weight) / sum(paths.main->weight);
}

void mirror_equals_unfolded() {
  for (const double distance : kDistances) {
    RigOptics optics = default_optics(false);
    optics.plate.thickness_mm = 0;
    const ArmOptics mirrored = arm_of(optics, Arm::near, distance);
    optics.plate.present = false;
    const ArmOptics unfolded = arm_of(optics, Arm::near, distance);
    double worst = 0;
    int rays = 0;
    over_field([&](Vec2 pixel) {
      for (const Vec2 lens : {Vec2{0, 0}, Vec2{0.6, -0.8}}) {
        const auto through = mirrored.paths(pixel, lens).main, direct = unfolded.paths(pixel, lens).main;
        expect(direct.has_value(), "the unfolded camera sees everywhere");
        if (!through) continue;
        ++rays;
        worst = std::max({worst, length(through->ray.direction - direct->ray.direction),
                          off_line(direct->ray, through->ray.origin)});
      }
    });
    expect(rays > 100, "most of the field meets the plate");
    expect_near(worst, 0, 1e-9, "mirrored ray against unfolded");
    expect_near(length(mirrored.pupil() - unfolded.pupil()), 0, 1e-9, "pupil");
  }
}

void far_shift_by_glass() {
  RigOptics optics = ideal_optics();
  const ArmOptics through = arm_of(optics, Arm::far);
  optics.plate.present = false;
  const ArmOptics bare = arm_of(optics, Arm::far);
  const Vec2 pixel = centre_of(bare);
  const Vec3 moved = at_z(main_ray(through, pixel), kEyePlane) - at_z(main_ray(bare, pixel), kEyePlane);
  // Inside the glass light runs closer to its normal, (1, 0, 1)/√2, so from the camera it leaves to the right (+x) of
  // where it would; what stands still appears further left in the image.
  expect_near(moved.x, 1.007, 0.01007, "line of sight moves to the right");
  const Vec3 still{0, 0, kEyePlane};
  expect_near(through.project(still)->x - bare.project(still)->x, -1.007 * bare.truth().fx_px / kEyePlane, 0.06,
              "the image moves to the left");
  expect_near(moved.y, 0, 1e-12, "and not down");
  expect_near(bare.pupil().z, 0, 0, "pupil without the plate");
  expect_near(through.pupil().x, 1.007, 0.02, "pupil across");
  expect(through.pupil().z > 1.007 && through.pupil().z < 1.813, "pupil between the two foci of the astigmatic glass");
  // Over a landscape 3:2 field the best single point lies 1.56 mm ahead (calibration notes, fact 7).
  const ArmOptics landscape(ideal_optics(), Arm::far, 450, 1536, 1024);
  expect_near(landscape.pupil().z, 1.56, 0.02, "pupil along the axis");
}

void ghost_separation() {
  const RigOptics optics = ideal_optics();
  // t·sin 2θ / sqrt(n² - sin² θ), across the line of sight.
  constexpr double separation = 2.230;
  for (const Arm arm : kArms) {
    const ArmOptics rig = arm_of(optics, arm);
    const PixelPaths paths = rig.paths(centre_of(rig), {0, 0});
    expect(paths.main && paths.ghost, "both images");
    expect_near(length(paths.main->ray.direction - paths.ghost->ray.direction), 0, 1e-12, "ghost is parallel");
    expect_near(off_line(paths.main->ray, paths.ghost->ray.origin), separation, 0.001, "ghost's distance");
    // Light from the camera that goes through the glass twice more runs on along the plate as it came: towards the
    // subject and to -x, for the far camera's light (+z) as for the near one's (-x). So both lines of sight of the
    // ghost pass to the left of the main ones, and an object's ghost appears on its right.
    const double aside = at_z(paths.ghost->ray, kEyePlane).x - at_z(paths.main->ray, kEyePlane).x;
    expect_near(aside, -separation, 0.001, "the ghost's line of sight passes on the left");
    expect_near(at_z(paths.ghost->ray, kEyePlane).y, at_z(paths.main->ray, kEyePlane).y, 1e-9, "and no higher");
  }
}

void near_image_is_not_shifted() {
  // Its light is reflected before it meets the glass.
  RigOptics optics = ideal_optics();
  const ArmOptics glass = arm_of(optics, Arm::near);
  optics.plate.thickness_mm = 0;
  const Ray bare = main_ray(arm_of(optics, Arm::near), {300, 200}), through = main_ray(glass, {300, 200});
  expect_near(length(at_z(through, kEyePlane) - at_z(bare, kEyePlane)), 0, 1e-9, "line of sight");
}

void ghost_strength() {
  for (const Arm arm : kArms) {
    for (const bool honest : {false, true}) {
      RigOptics optics = ideal_optics();
      optics.honest = honest;
      optics.plate.tint = false;
      const ArmOptics rig = arm_of(optics, arm);
      // T²R2/R1 (near) and R1·R2 (far) with the coating halving what it gets and 5.3 % of bare glass at 45°;
      // polarisation favours the main image.
      const double bare = honest ? (arm == Arm::near ? 0.0155 : 0.0222) : 0.485 * 0.05303;
      expect_near(ghost_share(rig, centre_of(rig)), bare, 0.0004, "bare glass");
      optics.plate.back_reflection = 0.1;
      expect_near(ghost_share(arm_of(optics, arm), centre_of(rig)), bare / 10, 0.0002, "coated back");
      optics.plate.ghost = false;
      expect(!arm_of(optics, arm).paths(centre_of(rig), {0, 0}).ghost, "switched off");
    }
  }
}

void projection_inverts_paths() {
  for (const bool honest : {false, true}) {
    for (const Arm arm : kArms) {
      for (const double distance : kDistances) {
        const ArmOptics rig = arm_of(default_optics(honest), arm, distance);
        int seen = 0;
        over_field([&](Vec2 pixel) {
          const auto path = rig.paths(pixel, {0, 0}).main;
          if (!path) return;
          for (const double z : {1520.0, 1600.0, 1700.0}) {
            if (at_z(path->ray, z).z < path->ray.origin.z) continue;
            const auto back = rig.project(at_z(path->ray, z));
            expect(back.has_value(), "a seen point projects");
            expect_near(std::hypot(back->x - pixel.x, back->y - pixel.y), 0, 1e-5, "projected pixel");
            ++seen;
          }
        });
        expect(seen > 180, "most of the field was tested");
      }
    }
  }
}

void projection_refuses() {
  const ArmOptics rig = arm_of(default_optics(true), Arm::near, 450);
  expect(rig.project({0, 0, 1600}).has_value(), "the aim point is seen");
  expect(!rig.project({0, 0, 1000}), "behind the camera");
  expect(!rig.project({0, 0, 1300}), "before the plate");
  expect(!rig.project({200, 0, 1600}), "far outside the image");
  expect(rig.project({110, 0, 1600}).has_value(), "a little outside the image");
  RigOptics small = default_optics(true);
  small.plate.width_mm = 60;
  expect(!arm_of(small, Arm::near, 450).project({80, 0, 1600}), "beyond the plate's edge");
  // Strong barrel distortion folds over: a point far outside must not land inside.
  RigOptics folded = default_optics(false);
  folded.near.distortion = {-0.9, 0, 0, 0, 0};
  expect(!arm_of(folded, Arm::near, 230).project({230 * 1.04, 0, 1600}), "a fold of the distortion");
}

void brown_agrees_with_formula() {
  const std::array<double, 5> k{-0.28, 0.07, 0.0012, -0.0007, 0.01};
  Distortion model;
  model.brown = k;
  for (double y = -0.6; y <= 0.6; y += 0.15) {
    for (double x = -0.5; x <= 0.5; x += 0.125) {
      const double r2 = x * x + y * y;
      const double radial = 1 + k[0] * r2 + k[1] * std::pow(r2, 2) + k[4] * std::pow(r2, 3);
      const double xd = x * radial + 2 * k[2] * x * y + k[3] * (r2 + 2 * x * x);
      const double yd = y * radial + k[2] * (r2 + 2 * y * y) + 2 * k[3] * x * y;
      const Vec2 seen = model.distort({x, y});
      expect_near(seen.x, xd, 1e-15, "x");
      expect_near(seen.y, yd, 1e-15, "y");
      const auto back = model.undistort({xd, yd});
      expect(back.has_value(), "has an inverse");
      expect_near(std::hypot(back->x - x, back->y - y), 0, 1e-12, "inverse");
    }
  }
  model.brown = {-1, 0, 0, 0, 0};
  expect(!model.undistort({2, 0}), "no inverse beyond the fold");
}

void focus_breathes() {
  RigOptics optics = ideal_optics();
  const double pitch_mm = 23.4375e-3;
  expect_near(arm_of(optics, Arm::near, 230).truth().fx_px, 28 / pitch_mm, 1e-9, "at 230 mm");
  expect_near(arm_of(optics, Arm::far).truth().fx_px, 180 / pitch_mm, 1e-9, "far");
  // Between the stops 230 and 450: 28 + 22·(340 - 230)/220 = 39 mm.
  expect_near(arm_of(optics, Arm::near, 340).truth().fx_px, 39 / pitch_mm, 1e-9, "zoomed");
  optics.near.focus_mm = 500;
  const CameraTruth fixed = arm_of(optics, Arm::near, 230).truth();
  // 1/28 = 1/f - 1/230 gives f; 1/f - 1/500 the image distance.
  expect_near(fixed.fx_px, 1 / (1 / 28.0 + 1 / 230.0 - 1 / 500.0) / pitch_mm, 1e-9, "fixed focus");
  expect_near(fixed.focus_mm, 500, 0, "focused distance");
}

void defocus_is_a_thin_lens() {
  const ArmOptics rig = arm_of(ideal_optics(), Arm::near, 230);
  const Vec2 pixel{300, 900};
  const Ray chief = main_ray(rig, pixel);
  const auto edge = rig.paths(pixel, {1, 0}).main;
  expect(edge.has_value(), "marginal ray");
  expect_near(length(at_z(edge->ray, 1600) - at_z(chief, 1600)), 0, 1e-9, "rays meet in the focused plane");
  // 35 mm before the plane the beam is pupil × 35 / 230 wide; the pupil's radius is 28 / 16 / 2.
  expect_near(length(at_z(edge->ray, 1565) - at_z(chief, 1565)), 0.875 * 35 / 230, 1e-9, "blur at the nose");
}

void vignetting_and_cos4() {
  RigOptics optics = ideal_optics();
  optics.plate.present = false;
  optics.near.vignetting = 0.2;
  const ArmOptics rig = arm_of(optics, Arm::near, 230);
  expect_near(rig.paths(centre_of(rig), {}).main->weight.v[7], 1, 1e-7, "centre");
  const Vec2 pixel{kWidth - 0.5, kHeight - 0.5};  // half the diagonal from the centre
  const Ray ray = main_ray(rig, pixel);
  expect_near(rig.paths(pixel, {}).main->weight.v[3], std::pow(ray.direction.z, 4) * 0.8, 1e-6, "corner");
}

void plate_edge_cuts() {
  RigOptics optics = ideal_optics();
  optics.plate.width_mm = 60;
  optics.plate.height_mm = 80;
  for (const Arm arm : kArms) {
    const ArmOptics rig = arm_of(optics, arm);
    int cut = 0;
    over_field([&](Vec2 pixel) {
      const auto path = rig.paths(pixel, {0, 0}).main;
      if (!path) return void(++cut);
      const Vec3 place = path->ray.origin - Vec3{0, 0, optics.plate.centre_z_mm};
      expect_near(place.x + place.z, 0, 1e-9, "rays leave from the coated face");
      expect(std::abs(place.x - place.z) / std::numbers::sqrt2 <= 30 + 1e-9, "width along the slant");
      expect(std::abs(place.y) <= 40 + 1e-9, "height");
    }, 32);
    expect(cut > 900 && cut < 1050, "the edge cuts most of the field");
  }
}

void bump_turns_the_near_image() {
  for (const bool honest : {false, true}) {
    const RigOptics optics = default_optics(honest);
    const Vec3 aim{0, 0, 1600};
    constexpr double turn_deg = 0.1;
    const ArmOptics near = arm_of(optics, Arm::near, 450), bumped = arm_of(optics, Arm::near, 450, {0, turn_deg});
    // A mirror turned by an angle turns what it shows by twice that about the plate's centre: the camera's
    // image 345 mm before it, and the aim point's 105 mm behind it as the camera sees it.
    const double turn = 2 * turn_deg * kRadPerDeg;
    expect_near(std::abs(bumped.pupil().x - near.pupil().x), 345 * turn, 0.01, "virtual pupil");
    const auto before = near.project(aim), after = bumped.project(aim);
    expect(before && after, "the aim point stays in the image");
    expect_near(std::abs(after->x - before->x) / near.truth().fx_px,
                105 * turn / 450, 2e-5, "near image");
    const ArmOptics far = arm_of(optics, Arm::far), shifted = arm_of(optics, Arm::far, 450, {0, turn_deg});
    const auto still = far.project(aim), little = shifted.project(aim);
    expect(still && little, "the far camera sees it");
    const double moved = std::hypot(little->x - still->x, little->y - still->y);
    expect(moved > 1e-3 && moved < 0.1, "the far image barely moves");
  }
}

void rail_error_grows_with_travel() {
  const auto off_axis = [](double distance) {
    RigOptics optics = ideal_optics();
    optics.rail_x_deg = 0.1;
    optics.rail_y_deg = -0.2;
    return arm_of(optics, Arm::near, distance).pupil();
  };
  expect_near(length(off_axis(230) - Vec3{0, 0, 1370}), 0, 1e-9, "nearest stop");
  const Vec3 moved = off_axis(1370) - Vec3{0, 0, 230};
  expect_near(moved.x, 1140 * 0.2 * kRadPerDeg, 1e-3, "turn about y moves x");
  expect_near(moved.y, 1140 * 0.1 * kRadPerDeg, 1e-3, "turn about x moves y");
}

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

/// Checks that every pixel of the default image that looks into the middle of the eye plane is lit.
void fields_fit_the_plate() {
  for (const bool honest : {false, true}) {
    for (const double distance : {230.0, 300.0, 450.0, 900.0, 1370.0}) {
      RigOptics optics = default_optics(honest);
      const ArmOptics rig = arm_of(optics, Arm::near, distance);
      optics.plate.present = false;
      const ArmOptics open = arm_of(optics, Arm::near, distance);
      over_field([&](Vec2 pixel) {
        const Vec3 place = at_z(main_ray(open, pixel), kEyePlane);
        if (std::abs(place.x) > 90 || std::abs(place.y) > 120) return;
        expect(rig.paths(pixel, {0, 0}).main.has_value(), "the plate is large enough");
      }, 64);
    }
  }
}

void mounts_agree_with_orientation() {
  // Upright pixel (u, v) is stored pixel origin + u·stepU + v·stepV: src/imaging/orientation.ts for a stored
  // frame of 5 × 3.
  struct Expected {
    int rotation;
    bool mirrored;
    int origin, step_u, step_v;
  };
  constexpr std::array<Expected, 8> table{{{0, false, 0, 1, 5},
                                           {0, true, 4, -1, 5},
                                           {90, false, 10, -5, 1},
                                           {90, true, 14, -5, -1},
                                           {180, false, 14, -1, -5},
                                           {180, true, 10, 1, -5},
                                           {270, false, 4, 5, -1},
                                           {270, true, 0, 5, 1}}};
  for (const Expected& e : table) {
    CameraOptics camera;
    camera.mount_rotation_deg = e.rotation;
    camera.mirrored = e.mirrored;
    const bool turned = e.rotation % 180 != 0;
    const int width = turned ? 3 : 5, height = turned ? 5 : 3;
    const SensorMount mount(camera, width, height);
    expect(mount.raw_width_px() == 5 && mount.raw_height_px() == 3, "raw size");
    for (int v = 0; v < height; ++v) {
      for (int u = 0; u < width; ++u) {
        const Vec2 upright{static_cast<double>(u), static_cast<double>(v)};
        const RawPixel raw = mount.raw_of_upright(upright);
        expect_near(raw.x + 5 * raw.y, e.origin + u * e.step_u + v * e.step_v, 0, "stored pixel");
        expect(mount.upright_of_raw(raw) == upright, "and back");
      }
    }
  }
}

void rows_start_in_turn() {
  CameraOptics camera;
  camera.mount_rotation_deg = 90;
  camera.row_time_us = 10;
  // Upright 3 × 5 of a raw 5 × 3: raw rows are upright columns, the first one on the right.
  expect_near(SensorMount(camera, 3, 5).row_delay_us({2, 4}), 0, 0, "first row");
  expect_near(SensorMount(camera, 3, 5).row_delay_us({0, 1}), 20, 0, "last row");
  camera.curtain_up = true;
  expect_near(SensorMount(camera, 3, 5).row_delay_us({2, 4}), 20, 0, "curtain from below");
  camera.mount_rotation_deg = 45;
  expect_error<std::invalid_argument>("mountRotationDeg", [&] { SensorMount(camera, 3, 5); });
}

const char* const kOpticsFile = R"({
  "near": {"focalLengths": [{"distanceMm": 1370, "focalLengthMm": 135}, {"distanceMm": 230, "focalLengthMm": 28}],
    "fNumber": 16, "pixelPitchUm": 23.4375, "focusMm": 0, "distortion": [-0.06, 0.02, 0.0003, -0.0002, 0],
    "vignetting": 0.15, "principalPointPx": [4.2, -3.1], "pupilOffsetMm": [0.7, -0.5, 0.8],
    "rotationDeg": [0.12, -0.09, 0.15], "sensitivity": "a", "fullWellE": 15000, "readNoiseE": 4,
    "mountRotationDeg": 90, "mirrored": true, "rowTimeUs": 12.5, "curtainDirection": "up"},
  "far": {"focalLengths": [{"distanceMm": 1600, "focalLengthMm": 180}],
    "fNumber": 11, "pixelPitchUm": 3.45, "focusMm": 1600, "distortion": [0.08, 0, 0, 0, 0],
    "vignetting": 0.1, "principalPointPx": [-5.6, 3.8], "pupilOffsetMm": [0, 0, 0],
    "rotationDeg": [-0.06, 0.05, -0.1], "sensitivity": "b", "fullWellE": 15000, "readNoiseE": 4,
    "mountRotationDeg": 270, "mirrored": false, "rowTimeUs": 0, "curtainDirection": "down"},
  "plate": {"present": true, "thicknessMm": 3, "refractiveIndex": 1.52, "centreZMm": 1495, "widthMm": 300,
    "heightMm": 380, "backReflection": 0.1, "tint": false, "ghost": true},
  "railDeg": [0.08, -0.06], "farDistanceMm": 1600, "honest": false, "seed": 12345678901})";

void json_is_read() {
  const RigOptics optics = rig_optics_of(nlohmann::json::parse(kOpticsFile));
  expect(optics.near.focal_lengths.front().distance_mm == 230, "stops in order");
  expect(optics.near.distortion[3] == -0.0002 && optics.near.principal_point_px.y == -3.1, "near lens");
  expect(optics.near.mirrored && optics.near.curtain_up && optics.near.row_time_us == 12.5, "near sensor");
  expect(optics.far.f_number == 11 && optics.far.mount_rotation_deg == 270 && !optics.far.curtain_up, "far");
  expect(optics.plate.back_reflection == 0.1 && !optics.plate.tint && optics.plate.ghost, "plate");
  expect(optics.rail_y_deg == -0.06 && !optics.honest && optics.seed == 12345678901, "rig");
}

void json_is_strict() {
  const auto refuses = [](const char* pointer, const nlohmann::json& value, const char* text) {
    nlohmann::json file = nlohmann::json::parse(kOpticsFile);
    file[nlohmann::json::json_pointer(pointer)] = value;
    expect_error<std::invalid_argument>(text, [&] { rig_optics_of(file); });
  };
  refuses("/near/fNumber", 0, "near.fNumber");
  refuses("/near/zoom", 1, "near.zoom is unknown");
  refuses("/far/distortion", {1, 2}, "far.distortion");
  refuses("/far/focusMm", 100, "far.focusMm");
  refuses("/far/mountRotationDeg", 45, "far.mountRotationDeg");
  refuses("/near/focalLengths/0/mm", 1, "near.focalLengths.mm is unknown");
  refuses("/plate/ghost", "yes", "plate.ghost");
  refuses("/seed", -1, "seed");
  refuses("/seed", 1.5, "seed");
  nlohmann::json file = nlohmann::json::parse(kOpticsFile);
  file["plate"].erase("tint");
  expect_error<std::invalid_argument>("plate.tint is missing", [&] { rig_optics_of(file); });
}

}  // namespace

void test_optics(Suite& suite) {
  suite.run("optics: bare mirror equals the unfolded camera", mirror_equals_unfolded);
  suite.run("optics: glass shifts the far view", far_shift_by_glass);
  suite.run("optics: glass leaves the near view", near_image_is_not_shifted);
  suite.run("optics: ghost lies where geometry says", ghost_separation);
  suite.run("optics: ghost strength", ghost_strength);
  suite.run("optics: projection inverts the chief ray", projection_inverts_paths);
  suite.run("optics: projection refuses what is not seen", projection_refuses);
  suite.run("optics: Brown's distortion and its inverse", brown_agrees_with_formula);
  suite.run("optics: focus breathing and zoom", focus_breathes);
  suite.run("optics: thin-lens defocus", defocus_is_a_thin_lens);
  suite.run("optics: vignetting", vignetting_and_cos4);
  suite.run("optics: the plate's edge", plate_edge_cuts);
  suite.run("optics: a bumped plate", bump_turns_the_near_image);
  suite.run("optics: rail direction", rail_error_grows_with_travel);
  suite.run("optics: honest mode is richer than the model", honest_is_richer_than_the_model);
  suite.run("optics: flaws have their sizes", flaws_have_their_sizes);
  suite.run("optics: the plate is not flat", plate_is_not_flat);
  suite.run("optics: the coating polarises", coating_polarises);
  suite.run("optics: energy", energy_is_kept);
  suite.run("optics: fields fit the plate", fields_fit_the_plate);
  suite.run("optics: mounts", mounts_agree_with_orientation);
  suite.run("optics: row times", rows_start_in_turn);
  suite.run("optics: file", json_is_read);
  suite.run("optics: file errors", json_is_strict);
}

}  // namespace nearfar::rig::test
