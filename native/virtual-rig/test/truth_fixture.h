// Rigs and worlds that the tests of truth share.
#pragma once

#include <filesystem>
#include <iterator>
#include <utility>

#include "render/renderer.h"
#include "render/truth_canonical.h"

namespace nearfar::rig::test::truth_fixture {

inline std::filesystem::path targets_folder() {
  return std::filesystem::path(__FILE__).parent_path() / "../../../calibration/targets";
}

inline CameraOptics lens_50() {
  CameraOptics camera;
  camera.focal_lengths = {{450, 50}};
  return camera;
}

/// A rig without plate, flaws or errors: its frames are pinhole pictures with Brown's distortion.
inline RigOptics plain_optics() {
  RigOptics optics;
  optics.near = lens_50();
  optics.far = lens_50();
  optics.far.focal_lengths = {{1600, 180}};
  optics.plate.present = false;
  optics.honest = false;
  return optics;
}

/// A rig with every error that there is.
inline RigOptics real_optics() {
  RigOptics optics = plain_optics();
  optics.plate.present = true;
  optics.honest = true;
  optics.near.pupil_offset_mm = {0.7, -0.5, 0.8};
  optics.near.rotation_deg = {0.12, -0.09, 0.15};
  optics.near.distortion = {-0.06, 0.02, 0.0003, -0.0002, 0};
  optics.far.rotation_deg = {-0.06, 0.05, -0.1};
  optics.far.distortion = {0.08, 0, 0, 0, 0};
  return optics;
}

inline Renderer renderer_with(const RigOptics& optics) {
  Renderer::Options options;
  options.optics = optics;
  options.folders.targets = targets_folder();
  return Renderer(std::move(options));
}

inline World board_world(const Vec3& place, const Vec3& rotation_deg = {}, const char* target = "charuco-a4") {
  World world;
  world.kind = SceneKind::target;
  world.target = target;
  world.T_rig_target = Rigid{rotation_about(rotation_deg * kRadPerDeg), place};
  return world;
}

inline std::size_t at(int x, int y) { return static_cast<std::size_t>(y) * kCanonicalSize_px + static_cast<std::size_t>(x); }

}  // namespace nearfar::rig::test::truth_fixture
