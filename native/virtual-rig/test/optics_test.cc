// Lens, plate and rail against formulas that share no code with them.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "optics/distortion.h"
#include "test/optics_fixture.h"
#include "test/suites.h"

namespace nearfar::rig::test {
namespace {

using namespace optics_fixture;

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
  suite.run("optics: fields fit the plate", fields_fit_the_plate);
}

}  // namespace nearfar::rig::test
