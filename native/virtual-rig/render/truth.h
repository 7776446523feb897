// What a calibration, an alignment or a benchmark is measured against: the true numbers of one shot
// (src/schema/scene-truth.ts documents each member of its JSON form).
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "optics/arm_optics.h"
#include "render/renderer.h"
#include "render/truth_canonical.h"
#include "render/truth_color.h"
#include "render/truth_geometry.h"
#include "world/world.h"

namespace nearfar::rig {

/// How far before a named point its view may be blocked while the point still counts as seen, mm: it may lie a
/// little under the surface that it marks.
inline constexpr double kPointTolerance_mm = 1;

/// One camera.
struct ArmTruth {
  int width_px = 0;
  int height_px = 0;
  /// Near: the virtual (unfolded) camera; far: the bare camera without the plate.
  CameraTruth camera;
  /// Centre of perspective as the subject sees it: far, moved by the plate.
  Vec3 effective_pupil;
  double row_time_us = 0;
  bool curtain_up = false;
  /// Where the chief ray of the principal point meets the eye plane; absent when the plate cuts it off.
  std::optional<Vec3> aim;
  /// Pixel of the frame that sees the epipole's point of the eye plane.
  std::optional<Vec2> epipole_px;
};

/// How one arm sees a named point at its own mid-exposure.
struct PointView {
  Vec3 position;
  /// In the captured frame, through the real optics; absent where no pixel sees it.
  std::optional<Vec2> px;
  std::optional<Vec2> canonical_px;
  /// Inside the frame and not hidden.
  bool visible = false;
};

struct PointTruth {
  int id = 0;
  std::array<PointView, 2> views;
};

struct PointSetTruth {
  std::string name;
  std::vector<PointTruth> points;
};

struct SceneTruth {
  World world;
  RigOptics optics;
  ShotTimes times;
  std::array<ArmTruth, 2> arms;
  CanonicalPair canonical;
  /// Where the line through both effective pupils meets the eye plane.
  Vec3 epipole;
  /// Unit normal of the plate's coated face, bump included; towards the subject.
  Vec3 plate_normal;
  ColorTruth color;
  /// T_rig_object at each arm's mid-exposure; absent without an object.
  std::optional<std::array<Rigid, 2>> object;
  std::vector<PointSetTruth> point_sets;
};

/// Throws AssetError as Renderer::stage() does.
SceneTruth scene_truth(Renderer& renderer, const World& world, const ShotTimes& times);

}  // namespace nearfar::rig
