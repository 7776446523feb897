#include "world/world_json.h"

#include <array>
#include <cmath>
#include <utility>

namespace nearfar::rig {
namespace {

constexpr std::array<std::pair<std::string_view, SceneKind>, 5> kScenes{{
    {"plane", SceneKind::plane},
    {"flat", SceneKind::flat},
    {"dark", SceneKind::dark},
    {"target", SceneKind::target},
    {"subject", SceneKind::subject},
}};
constexpr std::array<std::pair<std::string_view, MotionSpec::Kind>, 4> kMotions{{
    {"none", MotionSpec::Kind::none},
    {"sway", MotionSpec::Kind::sway},
    {"linear", MotionSpec::Kind::linear},
    {"poses", MotionSpec::Kind::poses},
}};
constexpr std::array<std::pair<std::string_view, LightSpec::Kind>, 2> kLights{{
    {"studio", LightSpec::Kind::studio},
    {"even", LightSpec::Kind::even},
}};
constexpr std::array<std::pair<std::string_view, Polarisation>, 3> kPolarisations{{
    {"none", Polarisation::none},
    {"s", Polarisation::s},
    {"p", Polarisation::p},
}};

// Far beyond anything before a rig; keeps nonsense out of the tracer.
constexpr double kFarthestMm = 10'000;

template <class Table>
std::string_view name_in(const Table& table, decltype(table[0].second) value) {
  for (const auto& [name, candidate] : table)
    if (candidate == value) return name;
  return {};
}

/// The value of an optional member that is one of the table's names.
template <class Table, class Value>
Value choice_or(const Json& object, const char* member, const Table& table, Value fallback) {
  if (!object.contains(member)) return fallback;
  const std::string text = require_string(object, member);
  std::string list;
  for (const auto& [name, value] : table) {
    if (text == name) return value;
    if (!list.empty()) list += ", ";
    list += name;
  }
  throw RequestError("`" + std::string(member) + "` is one of " + list + ", not \"" + text + "\"");
}

std::string string_or(const Json& object, const char* member, const std::string& fallback) {
  return object.contains(member) ? require_string(object, member) : fallback;
}

template <std::size_t Count>
std::array<double, Count> numbers_or(const Json& object, const char* member, double limit,
                                     std::array<double, Count> fallback) {
  const auto found = object.find(member);
  if (found == object.end()) return fallback;
  const RequestError wrong(std::string("`") + member + "` must be " + std::to_string(Count) +
                           " numbers of at most " + Json(limit).dump());
  if (!found->is_array() || found->size() != Count) throw wrong;
  for (std::size_t i = 0; i < Count; ++i) {
    fallback[i] = (*found)[i].is_number() ? (*found)[i].template get<double>() : NAN;
    if (!(std::abs(fallback[i]) <= limit)) throw wrong;
  }
  return fallback;
}

Vec3 vector_or(const Json& object, const char* member, double limit, const Vec3& fallback) {
  const auto [x, y, z] = numbers_or<3>(object, member, limit, {fallback.x, fallback.y, fallback.z});
  return {x, y, z};
}

Json vector_json(const Vec3& v) { return {v.x, v.y, v.z}; }

/// Rotation vector in degrees of a rotation (inverse of rotation_about).
Vec3 rotation_deg_of(const Mat3& rotation) {
  const auto& m = rotation.m;
  const Vec3 axis{m[7] - m[5], m[2] - m[6], m[3] - m[1]};
  const double sine = length(axis) / 2, cosine = (m[0] + m[4] + m[8] - 1) / 2;
  if (sine > 1e-9) return axis * (std::atan2(sine, cosine) / (2 * sine * kRadPerDeg));
  if (cosine > 0) return {};
  // Half a turn: the axis is in the symmetric part.
  const Vec3 half{std::sqrt(std::max(0.0, (m[0] + 1) / 2)), std::sqrt(std::max(0.0, (m[4] + 1) / 2)),
                  std::sqrt(std::max(0.0, (m[8] + 1) / 2))};
  const double y = m[1] < 0 ? -half.y : half.y, z = m[2] < 0 ? -half.z : half.z;
  return Vec3{half.x, half.x > 0 ? y : half.y, half.x > 0 ? z : (m[5] < 0 ? -half.z : half.z)} * 180;
}

const Json& object_in(const Json& request, const char* member) {
  const Json& object = request.at(member);
  if (!object.is_object()) throw RequestError("`" + std::string(member) + "` must be an object");
  return object;
}

Rigid merged_pose(const Json& json, double eye_plane_mm) {
  require_only(json, {"translationMm", "rotationDeg"}, "targetPose");
  const Vec3 rotation_deg = vector_or(json, "rotationDeg", 360, {});
  return {rotation_about(rotation_deg * kRadPerDeg),
          vector_or(json, "translationMm", kFarthestMm, {0, 0, eye_plane_mm})};
}

SubjectSpec merged_subject(SubjectSpec subject, const Json& json) {
  require_only(json, {"source", "identity", "expression", "yawDeg", "pitchDeg", "rollDeg", "offsetMm", "skinContrast"},
               "subject");
  subject.source = string_or(json, "source", subject.source);
  if (json.contains("identity"))
    subject.identity = static_cast<std::uint64_t>(require_integer(json, "identity", 0, 1'000'000));
  subject.expression = string_or(json, "expression", subject.expression);
  subject.yaw_deg = number_or(json, "yawDeg", -60, 60, subject.yaw_deg);
  subject.pitch_deg = number_or(json, "pitchDeg", -45, 45, subject.pitch_deg);
  subject.roll_deg = number_or(json, "rollDeg", -45, 45, subject.roll_deg);
  subject.offset_mm = vector_or(json, "offsetMm", 500, subject.offset_mm);
  subject.skin_contrast = number_or(json, "skinContrast", 0, 0.3, subject.skin_contrast);
  return subject;
}

MotionSpec merged_motion(MotionSpec motion, const Json& json) {
  require_only(json, {"kind", "seed", "strength", "velocityMmS", "blink"}, "motion");
  motion.kind = choice_or(json, "kind", kMotions, motion.kind);
  if (json.contains("seed"))
    motion.seed = static_cast<std::uint64_t>(require_integer(json, "seed", 0, std::int64_t{1} << 53));
  motion.strength = number_or(json, "strength", 0, 20, motion.strength);
  motion.velocity_mm_s = vector_or(json, "velocityMmS", kFarthestMm, motion.velocity_mm_s);
  motion.blink = boolean_or(json, "blink", motion.blink);
  return motion;
}

LightSpec merged_light(LightSpec light, const Json& json) {
  require_only(json, {"kind", "continuous", "strobe", "veil", "polarisation"}, "light");
  light.kind = choice_or(json, "kind", kLights, light.kind);
  light.continuous = number_or(json, "continuous", 0, 64, light.continuous);
  light.strobe = number_or(json, "strobe", 0, 64, light.strobe);
  light.veil = number_or(json, "veil", 0, 1, light.veil);
  light.polarisation = choice_or(json, "polarisation", kPolarisations, light.polarisation);
  return light;
}

}  // namespace

std::optional<SceneKind> find_scene(std::string_view name) {
  for (const auto& [candidate, kind] : kScenes)
    if (candidate == name) return kind;
  return std::nullopt;
}

World merged_world(const World& world, const Json& request) {
  World merged = world;
  merged.kind = choice_or(request, "scene", kScenes, world.kind);
  merged.target = string_or(request, "target", world.target);
  if (request.contains("targetPose"))
    merged.T_rig_target = merged_pose(object_in(request, "targetPose"), world.eye_plane_mm);
  if (request.contains("subject")) merged.subject = merged_subject(world.subject, object_in(request, "subject"));
  if (request.contains("motion")) merged.motion = merged_motion(world.motion, object_in(request, "motion"));
  if (request.contains("light")) merged.light = merged_light(world.light, object_in(request, "light"));
  merged.brightness = number_or(request, "brightness", 0, 64, world.brightness);
  merged.noise = boolean_or(request, "noise", world.noise);
  if (request.contains("samplesPerPixel"))
    merged.samples_per_pixel = static_cast<int>(require_integer(request, "samplesPerPixel", 1, 4096));
  const auto [x, y] =
      numbers_or<2>(request, "plateBumpDeg", 5, {world.plate_bump_x_deg, world.plate_bump_y_deg});
  merged.plate_bump_x_deg = x;
  merged.plate_bump_y_deg = y;
  if (merged.kind == SceneKind::target && merged.target.empty())
    throw RequestError("the scene \"target\" needs a `target`");
  return merged;
}

Json world_json(const World& world) {
  const SubjectSpec& subject = world.subject;
  const Rigid target_pose = world.target_pose();
  return {
      {"scene", name_in(kScenes, world.kind)},
      {"brightness", world.brightness},
      {"target", world.target},
      {"targetPose",
       {{"translationMm", vector_json(target_pose.translation)},
        {"rotationDeg", vector_json(rotation_deg_of(target_pose.rotation))}}},
      {"subject",
       {{"source", subject.source},
        {"identity", subject.identity},
        {"expression", subject.expression},
        {"yawDeg", subject.yaw_deg},
        {"pitchDeg", subject.pitch_deg},
        {"rollDeg", subject.roll_deg},
        {"offsetMm", vector_json(subject.offset_mm)},
        {"skinContrast", subject.skin_contrast}}},
      {"motion",
       {{"kind", name_in(kMotions, world.motion.kind)},
        {"seed", world.motion.seed},
        {"strength", world.motion.strength},
        {"velocityMmS", vector_json(world.motion.velocity_mm_s)},
        {"blink", world.motion.blink}}},
      {"light",
       {{"kind", name_in(kLights, world.light.kind)},
        {"continuous", world.light.continuous},
        {"strobe", world.light.strobe},
        {"veil", world.light.veil},
        {"polarisation", name_in(kPolarisations, world.light.polarisation)}}},
      {"noise", world.noise},
      {"samplesPerPixel", world.samples_per_pixel},
      {"plateBumpDeg", {world.plate_bump_x_deg, world.plate_bump_y_deg}},
      {"distanceMm", world.distance_mm},
  };
}

}  // namespace nearfar::rig
