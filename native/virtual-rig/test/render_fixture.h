// Rigs, worlds and frames that the tests of the tracer share.
#pragma once

#include <filesystem>
#include <iterator>
#include <string>

#include "render/renderer.h"

namespace nearfar::rig::test::render_fixture {

inline constexpr double kEyePlane = 1600;

inline AssetFolders folders() {
  return {std::filesystem::path(__FILE__).parent_path() / "../../../calibration/targets", {}};
}

/// A rig like the default one with its errors, and a plate that no ray misses. The image may be made smaller, the
/// field stays.
inline RigOptics real_optics(int width_px = 256) {
  RigOptics optics;
  const double pitch = 23.4375 * 1024 / width_px;
  optics.near.focal_lengths = {{450, 50}};
  optics.near.distortion = {-0.06, 0.02, 0.0003, -0.0002, 0};
  optics.near.vignetting = 0.15;
  optics.near.pupil_offset_mm = {0.7, -0.5, 0.8};
  optics.near.rotation_deg = {0.12, -0.09, 0.15};
  optics.near.mount_rotation_deg = 90;
  optics.near.mirrored = true;
  optics.far.focal_lengths = {{1600, 180}};
  optics.far.distortion = {0.08, 0, 0, 0, 0};
  optics.far.vignetting = 0.1;
  optics.far.rotation_deg = {-0.06, 0.05, -0.1};
  optics.plate.width_mm = 360;
  optics.near.pixel_pitch_um = optics.far.pixel_pitch_um = pitch;
  return optics;
}

/// No flaw, no ghost, no tint, no vignetting.
inline RigOptics clean_optics() {
  RigOptics optics = real_optics();
  optics.honest = optics.plate.ghost = optics.plate.tint = false;
  optics.near.vignetting = optics.far.vignetting = 0;
  return optics;
}

inline Renderer::Options small(const RigOptics& optics) { return {optics, folders(), 256, 320, {"a", "a"}}; }

inline World target_world(const std::string& id) {
  World world;
  world.kind = SceneKind::target;
  world.target = id;
  world.light.kind = LightSpec::Kind::even;
  world.samples_per_pixel = 4;
  return world;
}

inline World flat_world() {
  World world;
  world.kind = SceneKind::flat;
  return world;
}

inline SignalImage frame(Renderer& renderer, const World& world, Arm arm, const ExposureTimes& times = {},
                  Sampling sampling = Sampling::mono) {
  FrameRequest request;
  request.arm = arm;
  request.times = times;
  request.sampling = sampling;
  return renderer.render(*renderer.stage(world), request);
}

inline ExposureTimes exposing(double length_s) {
  ExposureTimes times;
  times.length_s = length_s;
  return times;
}

inline float at(const SignalImage& image, int x, int y, int channel = 0) {
  return image.values[static_cast<std::size_t>((y * image.width + x) * image.channels + channel)];
}

}  // namespace nearfar::rig::test::render_fixture
