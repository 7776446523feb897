// Truth against geometry worked out another way, without the tracer's help where that is possible.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <vector>

#include "render/truth.h"
#include "render/truth_arrays.h"
#include "targets/definition.h"
#include "test/suites.h"
#include "test/truth_fixture.h"

namespace nearfar::rig::test {
namespace {

using namespace truth_fixture;

/// Bilinear sample of a map of pairs; NaN where one of the four is.
Vec2 sampled(const std::vector<float>& map, const Vec2& p) {
  const int x = static_cast<int>(std::floor(p.x)), y = static_cast<int>(std::floor(p.y));
  if (x < 0 || y < 0 || x + 1 >= kCanonicalSize_px || y + 1 >= kCanonicalSize_px) return {NAN, NAN};
  const double a = p.x - x, b = p.y - y;
  const auto mix = [&](std::size_t c) {
    const auto v = [&](int i, int j) { return static_cast<double>(map[at(x + i, y + j) * 2 + c]); };
    return (1 - b) * ((1 - a) * v(0, 0) + a * v(1, 0)) + b * ((1 - a) * v(0, 1) + a * v(1, 1));
  };
  return {mix(0), mix(1)};
}

void test_canonical_axis() {
  const Vec3 near{2.5, -1.5, 1150}, far{-0.7, 0.4, 1}, aim{0, 0, 1600};
  const CanonicalPair pair = canonical_pair(near, far, {1, 0.002, 0.001}, aim);
  const double centre = (kCanonicalSize_px - 1) / 2.0;
  // The epipole by the plain pinhole formula: where each camera sees a far point of the line through both pupils.
  const Vec3 on_line = far + (near - far) * 3;
  for (const Arm arm : kArms) {
    const Vec2 epipole = pair.project(arm, on_line).value();
    expect_near(epipole.x, pair.principal_point_px.x, 1e-9, "x of the epipole");
    expect_near(epipole.y, pair.principal_point_px.y, 1e-9, "y of the epipole");
    const Vec2 middle = pair.project(arm, aim).value();
    expect_near(middle.x, centre, 1e-9, "x of the aim point");
    expect_near(middle.y, centre, 1e-9, "y of the aim point");
    const Ray ray = pair.ray(arm, {100, 900});
    const Vec2 back = pair.project(arm, ray.origin + ray.direction * 700).value();
    expect_near(back.x, 100, 1e-9, "x there and back");
    expect_near(back.y, 900, 1e-9, "y there and back");
    expect(!pair.project(arm, pair.view(arm).pupil - ray.direction), "a point behind the pupil has no pixel");
  }
  // 1 mm of pupil offset moves the epipole 1 mm × z_near / baseline at the eye plane (DESIGN section 2).
  const CanonicalPair offset = canonical_pair({1, 0, 1370}, {0, 0, 0}, {1, 0, 0}, aim);
  expect_near(offset.principal_point_px.x - centre, 1600.0 / 1370 * offset.px_per_mm, 1e-3, "epipole of a 1 mm offset");
  expect_error<std::invalid_argument>("coincide", [&] { canonical_pair(near, near, {1, 0, 0}, aim); });
}

/// Flow of a plane at height h before the eye plane against F = m (X, Y) [1/(1 - h/zf) - 1/(1 - h/zn)].
void test_plane_flow() {
  Renderer renderer = renderer_with(plain_optics());
  const double h = 30, zn = 450, zf = 1600;
  const ShotGeometry shot = shot_geometry(renderer, board_world({0, 0, zf - h}), {});
  const CanonicalMaps near = canonical_maps(shot, Arm::near, {true, true, true, false});
  const double m = shot.canonical.px_per_mm, centre = (kCanonicalSize_px - 1) / 2.0;
  int checked = 0;
  for (int y = 0; y < kCanonicalSize_px; ++y) {
    for (int x = 0; x < kCanonicalSize_px; ++x) {
      if (std::isnan(near.depth[at(x, y)])) continue;
      const double X = (x - centre) * (1 - h / zn) / m, Y = (y - centre) * (1 - h / zn) / m;
      const double factor = m * (1 / (1 - h / zf) - 1 / (1 - h / zn));
      expect_near(near.depth[at(x, y)], zn - h, 1e-3, "depth of the plane");
      expect_near(near.flow[at(x, y) * 2], X * factor, 1e-3, "dx of the plane");
      expect_near(near.flow[at(x, y) * 2 + 1], Y * factor, 1e-3, "dy of the plane");
      expect(near.visible[at(x, y)] == 1, "a single plane hides nothing of itself");
      ++checked;
    }
  }
  // 210 mm of paper, 7 % larger in the near view for standing 30 mm before the eye plane, and taller than the image.
  expect_near(checked, 210 * m / (1 - h / zn) * kCanonicalSize_px, 3000, "pixels of the board");
}

/// Whether a point of the rig frame lies on the printed side of an A4 board, 2 mm and more from its edges.
bool on_sheet(const Rigid& T_rig_object, const Vec3& point) {
  const Vec3 p = T_rig_object.inverse() * point;
  return std::abs(p.x) < 103 && std::abs(p.y) < 146 && std::abs(p.z) < 0.9;
}

/// There and back with every error of the rig on, the board tilted and moving.
void test_round_trip() {
  Renderer renderer = renderer_with(real_optics());
  World world = board_world({3, -4, 1590}, {20, -25, 5});
  world.motion.kind = MotionSpec::Kind::linear;
  world.motion.velocity_mm_s = {200, -50, 30};
  const ShotGeometry shot = shot_geometry(renderer, world, {{0.002, 0.005, false}, {0.004, 0.005, false}});
  const CanonicalMaps near = canonical_maps(shot, Arm::near, {true, true, true, false});
  const CanonicalMaps far = canonical_maps(shot, Arm::far, {false, true, true, false});
  int checked = 0;
  for (int y = 0; y < kCanonicalSize_px; y += 3) {
    for (int x = 0; x < kCanonicalSize_px; x += 3) {
      if (!near.visible[at(x, y)]) continue;
      const Ray ray = shot.canonical.ray(Arm::near, {double(x), double(y)});
      const double slant = dot(ray.direction, shot.canonical.R_rig_canonical * Vec3{0, 0, 1});
      const Vec3 point = ray.origin + ray.direction * (near.depth[at(x, y)] / slant);
      if (!on_sheet(shot.probe_of(Arm::near)->pose(), point)) continue;
      const Vec2 there{near.flow[at(x, y) * 2], near.flow[at(x, y) * 2 + 1]};
      const Vec2 back = sampled(far.flow, {x + there.x, y + there.y});
      if (std::isnan(back.x)) continue;
      expect_near(there.x + back.x, 0, 1e-3, "x there and back");
      expect_near(there.y + back.y, 0, 1e-3, "y there and back");
      ++checked;
    }
  }
  expect(checked > 20000, "the board fills much of both images: " + std::to_string(checked));
}

/// 200 mm/s for 2 ms are 0.4 mm: 1.37 px of flow in the eye plane.
void test_motion_between_exposures() {
  Renderer renderer = renderer_with(plain_optics());
  World world = board_world({0, 0, 1600});
  world.motion.kind = MotionSpec::Kind::linear;
  world.motion.velocity_mm_s = {200, 0, 0};
  const ShotGeometry shot = shot_geometry(renderer, world, {{0.002, 0.005, false}, {0.004, 0.005, false}});
  const CanonicalMaps near = canonical_maps(shot, Arm::near, {false, true, false, false});
  const std::size_t middle = at(600, 400);
  expect_near(near.flow[middle * 2], 0.4 * shot.canonical.px_per_mm, 1e-3, "dx by motion");
  expect_near(near.flow[middle * 2 + 1], 0, 1e-3, "dy by motion");
}

/// Depth of the tilted board from its plane equation, in canonical pixels and in frame pixels.
void test_tilted_depth() {
  Renderer renderer = renderer_with(plain_optics());
  const World world = board_world({10, 5, 1605}, {30, -20, 10});
  const ShotGeometry shot = shot_geometry(renderer, world, {});
  const Vec3 normal = world.target_pose().rotation * Vec3{0, 0, 1};
  for (const Arm arm : kArms) {
    const CanonicalMaps maps = canonical_maps(shot, arm, {true, false, false, false});
    const Vec3& pupil = shot.optics_of(arm).pupil();
    const double offset = dot(normal, world.target_pose().translation - pupil);
    int checked = 0;
    for (int y = 0; y < kCanonicalSize_px; y += 7) {
      for (int x = 0; x < kCanonicalSize_px; x += 7) {
        const Vec3 direction = shot.canonical.ray(arm, {double(x), double(y)}).direction;
        const double way = offset / dot(normal, direction);
        if (!on_sheet(world.target_pose(), pupil + direction * way)) continue;
        expect_near(maps.depth[at(x, y)], direction.z * way, 1e-3, "canonical depth");
        ++checked;
      }
    }
    expect(checked > 2000, "the board is in the image");
    const std::vector<float> frame = frame_depth(shot, arm);
    const CameraTruth& camera = shot.optics_of(arm).truth();
    const std::size_t width = static_cast<std::size_t>(shot.optics_of(arm).width_px());
    for (const Vec2& px : {Vec2{300, 400}, Vec2{512, 640}, Vec2{700, 900}}) {
      const Vec3 direction{(px.x - camera.cx_px) / camera.fx_px, (px.y - camera.cy_px) / camera.fy_px, 1};
      expect_near(frame[static_cast<std::size_t>(px.y) * width + static_cast<std::size_t>(px.x)],
                  offset / dot(normal, direction), 1e-3, "frame depth");
    }
  }
}

/// Brown's model, written out once more.
Vec2 brown_px(const CameraTruth& camera, const Vec3& point) {
  const Vec3 p = camera.T_rig_camera.inverse() * point;
  const double x = p.x / p.z, y = p.y / p.z, r2 = x * x + y * y;
  const auto& [k1, k2, p1, p2, k3] = camera.distortion;
  const double radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3));
  return {camera.cx_px + camera.fx_px * (x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x)),
          camera.cy_px + camera.fy_px * (y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y)};
}

void test_map_into_frame() {
  RigOptics optics = real_optics();
  optics.plate.present = false;
  optics.honest = false;
  Renderer renderer = renderer_with(optics);
  const ShotGeometry shot = shot_geometry(renderer, board_world({0, 0, 1580}, {15, 10, 0}), {});
  for (const Arm arm : kArms) {
    const CanonicalMaps maps = canonical_maps(shot, arm, {true, false, false, true});
    int checked = 0;
    for (int y = 0; y < kCanonicalSize_px; y += 5) {
      for (int x = 0; x < kCanonicalSize_px; x += 5) {
        if (std::isnan(maps.to_frame[at(x, y) * 2])) continue;
        const Ray ray = shot.canonical.ray(arm, {double(x), double(y)});
        const Vec2 px = brown_px(shot.optics_of(arm).truth(), ray.origin + ray.direction * 100);
        expect_near(maps.to_frame[at(x, y) * 2], px.x, 1e-3, "x in the frame");
        expect_near(maps.to_frame[at(x, y) * 2 + 1], px.y, 1e-3, "y in the frame");
        ++checked;
      }
    }
    expect(checked > 4000, "most of the board is in the frame");
  }
}

/// Whether the way from the pupil to a point passes a board's sheet, grown by `margin_mm` on each side.
bool crosses(const Vec3& pupil, const Vec3& point, const AssembledBoard& assembled, double margin_mm) {
  const Vec3 centre = assembled.T_target_board.translation + Vec3{0, 0, 1600};
  const double share = (centre.z - pupil.z) / (point.z - pupil.z);
  if (share >= 1 - 1e-9) return false;
  const Vec3 met = pupil + (point - pupil) * share;
  return std::abs(met.x - centre.x) < assembled.board.sheet.width / 2 + margin_mm &&
         std::abs(met.y - centre.y) < assembled.board.sheet.height / 2 + margin_mm;
}

/// The depth phantom's boards hide parts of each other, more of them from far than from near.
void test_occlusion() {
  Renderer renderer = renderer_with(plain_optics());
  const auto phantom =
      std::get<AssemblyDefinition>(read_target_definition(targets_folder() / "depth-phantom.json"));
  const ShotGeometry shot = shot_geometry(renderer, board_world({0, 0, 1600}, {}, "depth-phantom"), {});
  for (const Arm arm : kArms) {
    const CanonicalMaps maps = canonical_maps(shot, arm, {true, false, true, false});
    const Vec3 this_pupil = shot.canonical.view(arm).pupil, that_pupil = shot.canonical.view(other(arm)).pupil;
    int hidden = 0, seen = 0;
    for (int y = 0; y < kCanonicalSize_px; ++y) {
      for (int x = 0; x < kCanonicalSize_px; ++x) {
        if (std::isnan(maps.depth[at(x, y)])) continue;
        const Ray ray = shot.canonical.ray(arm, {double(x), double(y)});
        const Vec3 point = this_pupil + ray.direction * (maps.depth[at(x, y)] / ray.direction.z);
        const auto blocked = [&](double margin_mm) {
          return std::ranges::any_of(phantom.boards, [&](const AssembledBoard& board) {
            return board.T_target_board.translation.z + 1600 < point.z - 0.5 &&
                   crosses(that_pupil, point, board, margin_mm);
          });
        };
        // Within 0.1 mm of an edge either answer is right.
        if (blocked(-0.1)) {
          expect(maps.visible[at(x, y)] == 0, "a point behind a board is hidden");
          ++hidden;
        }
        const bool on_a_board = std::ranges::any_of(phantom.boards, [&](const AssembledBoard& board) {
          return std::abs(board.T_target_board.translation.z + 1600 - point.z) < 1e-2;
        });
        if (on_a_board && !blocked(0.1)) {
          expect(maps.visible[at(x, y)] == 1, "a board's free surface is seen");
          ++seen;
        }
      }
    }
    expect(seen > 10000, "much is seen by both: " + std::to_string(seen));
    expect(hidden > 100, "the boards hide something: " + std::to_string(hidden));
  }
}

/// Glass moves the far pupil towards the subject; depths count from there.
void test_depth_behind_glass() {
  RigOptics optics = plain_optics();
  optics.plate.present = true;
  Renderer renderer = renderer_with(optics);
  const ShotGeometry shot = shot_geometry(renderer, board_world({0, 0, 1600}), {});
  const double pupil_z = shot.optics_of(Arm::far).pupil().z;
  // t (1 - 1/n) = 1.03 mm for a plate across the axis; at 45° between that and the sagittal 1.5 mm.
  expect(pupil_z > 0.9 && pupil_z < 2.5, "the far pupil has moved forward: " + std::to_string(pupil_z));
  const std::vector<float> depth = frame_depth(shot, Arm::far);
  expect_near(depth[std::size_t{640} * 1024 + 512], 1600 - pupil_z, 1e-3, "depth of the eye plane");
}

void test_epipole_by_pinholes() {
  RigOptics optics = real_optics();
  optics.plate.present = false;
  optics.honest = false;
  Renderer renderer = renderer_with(optics);
  const SceneTruth truth = scene_truth(renderer, World{}, {});
  // The far pupil is the origin of the rig: the line runs along the near pupil's place.
  const Vec3 near{0.7, -0.5, 1150.8};
  expect_near(truth.epipole.x, near.x * 1600 / near.z, 1e-6, "x of the epipole");
  expect_near(truth.epipole.y, near.y * 1600 / near.z, 1e-6, "y of the epipole");
  for (const ArmTruth& arm : truth.arms) {
    const Vec2 px = brown_px(arm.camera, near * (1600 / near.z));
    expect_near(arm.epipole_px.value().x, px.x, 1e-6, "x of the epipole's pixel");
    expect_near(arm.epipole_px.value().y, px.y, 1e-6, "y of the epipole's pixel");
  }
  // Where each turned axis arrives, by its own direction.
  for (const ArmTruth& arm : truth.arms) {
    const Vec3 axis = arm.camera.T_rig_camera.rotation * Vec3{0, 0, 1};
    const Vec3 met = arm.effective_pupil + axis * ((1600 - arm.effective_pupil.z) / axis.z);
    expect_near(length(arm.aim.value() - met), 0, 1e-6, "the aim");
  }
}

}  // namespace

void test_truth(Suite& suite) {
  suite.run("truth: the canonical axis, its epipole and aim point", test_canonical_axis);
  suite.run("truth: flow of a plane is the closed form", test_plane_flow);
  suite.run("truth: flow there and back", test_round_trip);
  suite.run("truth: flow follows motion between the exposures", test_motion_between_exposures);
  suite.run("truth: depth of a tilted board", test_tilted_depth);
  suite.run("truth: the map into the frame is Brown's without plate and flaws", test_map_into_frame);
  suite.run("truth: occlusion as geometry says", test_occlusion);
  suite.run("truth: depth behind glass", test_depth_behind_glass);
  suite.run("truth: epipole and aim of two pinholes", test_epipole_by_pinholes);
}

}  // namespace nearfar::rig::test
