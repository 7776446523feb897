// How sensors sit in their cameras, and the optics file.
#include <array>

#include "optics/optics_json.h"
#include "optics/sensor_mount.h"
#include "test/optics_fixture.h"
#include "test/suites.h"

namespace nearfar::rig::test {
namespace {

using namespace optics_fixture;

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

void test_optics_setup(Suite& suite) {
  suite.run("optics: mounts", mounts_agree_with_orientation);
  suite.run("optics: row times", rows_start_in_turn);
  suite.run("optics: file", json_is_read);
  suite.run("optics: file errors", json_is_strict);
}

}  // namespace nearfar::rig::test
