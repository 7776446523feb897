#include "optics/optics_json.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace nearfar::rig {
namespace {

using nlohmann::json;

struct Range {
  double low;
  double high;
};

constexpr Range kAny{-1e9, 1e9};

/// Reads every member of an object once; what is left over at the end is unknown.
class Members {
 public:
  Members(const json& object, std::string path) : object_(object), path_(std::move(path)) {
    if (!object.is_object()) fail("", "must be an object");
  }

  double number(const char* name, Range range) { return number_of(member(name), name, range); }

  bool boolean(const char* name) {
    const json& value = member(name);
    if (!value.is_boolean()) fail(name, "must be true or false");
    return value.get<bool>();
  }

  std::string text(const char* name) {
    const json& value = member(name);
    if (!value.is_string() || value.get<std::string>().empty()) fail(name, "must be a text");
    return value.get<std::string>();
  }

  std::uint64_t natural(const char* name) {
    const json& value = member(name);
    if (!value.is_number_integer() || (value.is_number_integer() && !value.is_number_unsigned() && value < 0))
      fail(name, "must be a whole number from 0");
    return value.get<std::uint64_t>();
  }

  std::vector<double> numbers(const char* name, std::size_t count, Range range) {
    const json& value = member(name);
    if (!value.is_array() || value.size() != count) fail(name, "must hold " + std::to_string(count) + " numbers");
    std::vector<double> all;
    for (const json& item : value) all.push_back(number_of(item, name, range));
    return all;
  }

  const json& member(const char* name) {
    const auto found = object_.find(name);
    if (found == object_.end()) fail(name, "is missing");
    known_.insert(name);
    return *found;
  }

  std::string path_of(const char* name) const { return path_.empty() || !*name ? path_ + name : path_ + "." + name; }

  [[noreturn]] void fail(const char* name, const std::string& what) const {
    throw std::invalid_argument("optics: " + path_of(name) + " " + what);
  }

  void finish() const {
    for (const auto& [name, value] : object_.items())
      if (!known_.contains(name)) fail(name.c_str(), "is unknown");
  }

 private:
  double number_of(const json& value, const char* name, Range range) const {
    if (!value.is_number()) fail(name, "must be a number");
    const double number = value.get<double>();
    if (number >= range.low && number <= range.high) return number;
    std::ostringstream text;
    text << "is " << number << ", not from " << range.low << " to " << range.high;
    fail(name, text.str());
  }

  const json& object_;
  std::string path_;
  std::set<std::string> known_;
};

Vec2 vec2(const std::vector<double>& v) { return {v[0], v[1]}; }
Vec3 vec3(const std::vector<double>& v) { return {v[0], v[1], v[2]}; }

std::vector<ZoomStop> zoom_table(Members& camera) {
  const json& table = camera.member("focalLengths");
  if (!table.is_array() || table.empty()) camera.fail("focalLengths", "must hold at least one entry");
  std::vector<ZoomStop> stops;
  for (const json& entry : table) {
    Members stop(entry, camera.path_of("focalLengths"));
    stops.push_back({stop.number("distanceMm", {1e-3, 1e6}), stop.number("focalLengthMm", {4, 800})});
    stop.finish();
  }
  std::ranges::sort(stops, {}, &ZoomStop::distance_mm);
  return stops;
}

void read_mount(Members& m, CameraOptics& camera) {
  const double turn = m.number("mountRotationDeg", kAny);
  if (turn != 0 && turn != 90 && turn != 180 && turn != 270) m.fail("mountRotationDeg", "must be 0, 90, 180 or 270");
  camera.mount_rotation_deg = static_cast<int>(turn);
  camera.mirrored = m.boolean("mirrored");
  camera.row_time_us = m.number("rowTimeUs", {0, 1000});
  const std::string curtain = m.text("curtainDirection");
  if (curtain != "down" && curtain != "up") m.fail("curtainDirection", "must be \"down\" or \"up\"");
  camera.curtain_up = curtain == "up";
}

CameraOptics camera_optics(const json& object, const char* name) {
  Members m(object, name);
  CameraOptics camera;
  camera.focal_lengths = zoom_table(m);
  camera.f_number = m.number("fNumber", {1, 64});
  camera.pixel_pitch_um = m.number("pixelPitchUm", {0.5, 200});
  camera.focus_mm = m.number("focusMm", {0, 10'000});
  std::ranges::copy(m.numbers("distortion", 5, kAny), camera.distortion.begin());
  camera.vignetting = m.number("vignetting", {0, 0.9});
  camera.principal_point_px = vec2(m.numbers("principalPointPx", 2, kAny));
  camera.pupil_offset_mm = vec3(m.numbers("pupilOffsetMm", 3, kAny));
  camera.rotation_deg = vec3(m.numbers("rotationDeg", 3, kAny));
  read_mount(m, camera);
  // Of the sensor, which reads them itself.
  m.text("sensitivity");
  m.number("fullWellE", {100, 1e6});
  m.number("readNoiseE", {0, 1000});
  m.finish();
  for (const ZoomStop& stop : camera.focal_lengths)
    if (camera.focus_mm > 0 && camera.focus_mm <= stop.focal_length_mm)
      m.fail("focusMm", "must be more than the focal length");
  return camera;
}

PlateOptics plate_optics(const json& object) {
  Members m(object, "plate");
  PlateOptics plate;
  plate.present = m.boolean("present");
  plate.thickness_mm = m.number("thicknessMm", {0, 20});
  plate.refractive_index = m.number("refractiveIndex", {1, 2});
  plate.centre_z_mm = m.number("centreZMm", {500, 1590});
  plate.width_mm = m.number("widthMm", {50, 1000});
  plate.height_mm = m.number("heightMm", {50, 1000});
  plate.back_reflection = m.number("backReflection", {0, 1});
  plate.tint = m.boolean("tint");
  plate.ghost = m.boolean("ghost");
  m.finish();
  return plate;
}

}  // namespace

RigOptics rig_optics_of(const json& object) {
  Members m(object, "");
  RigOptics optics;
  optics.near = camera_optics(m.member("near"), "near");
  optics.far = camera_optics(m.member("far"), "far");
  optics.plate = plate_optics(m.member("plate"));
  const Vec2 rail = vec2(m.numbers("railDeg", 2, {-5, 5}));
  optics.rail_x_deg = rail.x;
  optics.rail_y_deg = rail.y;
  optics.far_distance_mm = m.number("farDistanceMm", {500, 5000});
  optics.honest = m.boolean("honest");
  optics.seed = m.natural("seed");
  m.finish();
  return optics;
}

}  // namespace nearfar::rig
