#include "render/truth_json.h"

#include <array>
#include <cmath>

#include "base/asset_error.h"
#include "render/truth_arrays.h"
#include "world/world_json.h"

namespace nearfar::rig {

namespace {

Json json_of(const Vec3& v) { return {v.x, v.y, v.z}; }
Json json_of(const Vec2& v) { return {v.x, v.y}; }

Json json_of(const Mat3& r) {
  const auto& m = r.m;
  return Json::array({{m[0], m[1], m[2]}, {m[3], m[4], m[5]}, {m[6], m[7], m[8]}});
}

template <typename Value>
Json json_of(const std::optional<Value>& value) {
  return value ? json_of(*value) : Json(nullptr);
}

/// Unit quaternion (w, x, y, z), w not negative. Of the four ways to write it, the one that divides by the largest
/// component.
Json quaternion_json(const Mat3& r) {
  const auto& m = r.m;
  const std::array<double, 4> squares{1 + m[0] + m[4] + m[8], 1 + m[0] - m[4] - m[8], 1 - m[0] + m[4] - m[8],
                                      1 - m[0] - m[4] + m[8]};
  const std::array<std::array<double, 4>, 4> rows{{{squares[0], m[7] - m[5], m[2] - m[6], m[3] - m[1]},
                                                   {m[7] - m[5], squares[1], m[1] + m[3], m[2] + m[6]},
                                                   {m[2] - m[6], m[1] + m[3], squares[2], m[5] + m[7]},
                                                   {m[3] - m[1], m[2] + m[6], m[5] + m[7], squares[3]}}};
  std::size_t largest = 0;
  for (std::size_t i = 1; i < 4; ++i)
    if (squares[i] > squares[largest]) largest = i;
  std::array<double, 4> q = rows[largest];
  const double norm = std::hypot(std::hypot(q[0], q[1]), std::hypot(q[2], q[3]));
  for (double& x : q) x *= (rows[largest][0] < 0 ? -1 : 1) / norm;
  return q;
}

Json json_of(const Rigid& t) {
  return {{"rotation", quaternion_json(t.rotation)}, {"translationMm", json_of(t.translation)}};
}

Json json_of(const Instant& instant) {
  return {{"midS", instant.mid_s}, {"exposureUs", instant.exposure_s * 1e6}, {"strobe", instant.strobe}};
}

Json json_of(const ArmTruth& arm) {
  const CameraTruth& camera = arm.camera;
  return {
      {"imageSize", {arm.width_px, arm.height_px}},
      {"fxPx", camera.fx_px},
      {"fyPx", camera.fy_px},
      {"cxPx", camera.cx_px},
      {"cyPx", camera.cy_px},
      {"distortion", camera.distortion},
      {"T_rig_camera", json_of(camera.T_rig_camera)},
      {"effectivePupilMm", json_of(arm.effective_pupil)},
      {"fNumber", camera.f_number},
      {"focusMm", camera.focus_mm},
      {"rowTimeUs", arm.row_time_us},
      {"curtainUp", arm.curtain_up},
      {"aimMm", json_of(arm.aim)},
      {"epipolePx", json_of(arm.epipole_px)},
  };
}

Json plate_json(const SceneTruth& truth) {
  const PlateOptics& plate = truth.optics.plate;
  return {
      {"present", plate.present},
      {"thicknessMm", plate.thickness_mm},
      {"refractiveIndex", plate.refractive_index},
      {"widthMm", plate.width_mm},
      {"heightMm", plate.height_mm},
      {"normal", json_of(truth.plate_normal)},
      {"centreMm", json_of(Vec3{0, 0, plate.centre_z_mm})},
      {"bumpDeg", {truth.world.plate_bump_x_deg, truth.world.plate_bump_y_deg}},
  };
}

Json rig_json(const SceneTruth& truth) {
  const Vec3 intended{0, 0, truth.optics.far_distance_mm};
  return {
      {"farDistanceMm", truth.optics.far_distance_mm},
      {"intendedAimMm", json_of(intended)},
      {"intendedEpipoleMm", json_of(intended)},
      {"epipoleMm", json_of(truth.epipole)},
      {"honest", truth.optics.honest},
  };
}

Json json_of(const CanonicalView& view) {
  return {{"pupilMm", json_of(view.pupil)}, {"aimDepthMm", view.aim_depth_mm}, {"focalPx", view.focal_px}};
}

Json json_of(const CanonicalPair& pair) {
  return {
      {"sizePx", kCanonicalSize_px},
      {"pxPerMm", pair.px_per_mm},
      {"R_rig_canonical", quaternion_json(pair.R_rig_canonical)},
      {"aimMm", json_of(pair.aim)},
      {"epipolePx", json_of(pair.principal_point_px)},
      {"near", json_of(pair.view(Arm::near))},
      {"far", json_of(pair.view(Arm::far))},
  };
}

Json json_of(const ColorTruth& color) {
  return {{"nearToFar", json_of(color.near_to_far)},
          {"farToRec2020", json_of(color.far_to_rec2020)},
          {"nearPatches", color.patches[0]},
          {"farPatches", color.patches[1]}};
}

Json json_of(const PointView& view) {
  return {{"positionMm", json_of(view.position)},
          {"px", json_of(view.px)},
          {"canonicalPx", json_of(view.canonical_px)},
          {"visible", view.visible}};
}

Json json_of(const PointSetTruth& set) {
  Json points = Json::array();
  for (const PointTruth& point : set.points)
    points.push_back({{"id", point.id}, {"near", json_of(point.views[0])}, {"far", json_of(point.views[1])}});
  return {{"name", set.name}, {"points", std::move(points)}};
}

}  // namespace

Json scene_truth_json(const SceneTruth& truth, const std::vector<std::string>& arrays) {
  Json sets = Json::array();
  for (const PointSetTruth& set : truth.point_sets) sets.push_back(json_of(set));
  Json object = nullptr;
  if (truth.object) object = {{"near", json_of((*truth.object)[0])}, {"far", json_of((*truth.object)[1])}};
  return {
      {"format", "nearfar-scene-truth"},
      {"version", 1},
      {"world", world_json(truth.world)},
      {"exposures", {{"near", json_of(truth.times.near)}, {"far", json_of(truth.times.far)}}},
      {"arms", {{"near", json_of(truth.arms[0])}, {"far", json_of(truth.arms[1])}}},
      {"plate", plate_json(truth)},
      {"rig", rig_json(truth)},
      {"canonical", json_of(truth.canonical)},
      {"color", json_of(truth.color)},
      {"T_rig_object", std::move(object)},
      {"pointSets", std::move(sets)},
      {"arrays", arrays},
  };
}

Json make_truth(Renderer& renderer, const World& world, const ShotTimes& times,
                const std::optional<std::filesystem::path>& directory, const std::vector<std::string>& arrays) {
  if (!directory && !arrays.empty()) throw AssetError("arrays need a `directory` to be written into");
  if (directory) write_truth_arrays(renderer, world, times, arrays, *directory);
  return scene_truth_json(scene_truth(renderer, world, times), arrays);
}

}  // namespace nearfar::rig
