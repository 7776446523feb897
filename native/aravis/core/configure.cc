#include "configure.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "camera_error.h"
#include "glib_handles.h"

namespace nearfar::aravis {
namespace {

/// Owned copies of what one of Aravis' `dup_…_as_strings` calls returned.
std::vector<std::string> names_of(const char** names, guint count) {
  const GlibPtr<const char*> owner(names);
  std::vector<std::string> copies;
  for (guint i = 0; names != nullptr && i < count; ++i) copies.push_back(text_of(names[i]));
  return copies;
}

void require_offered(const std::string& wanted, const std::vector<std::string>& offered, const std::string& what) {
  if (offered.empty() || std::find(offered.begin(), offered.end(), wanted) != offered.end()) return;
  std::string list;
  for (const std::string& name : offered) list += (list.empty() ? "" : ", ") + name;
  throw CameraError(Fault::refused, "the camera has no " + what + " " + wanted + "; it offers " + list);
}

std::string number(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

void require_within(double value, double minimum, double maximum, const std::string& what) {
  if (std::isfinite(value) && value >= minimum && value <= maximum) return;
  throw CameraError(Fault::refused, what + " " + number(value) + " is outside what the camera can do, " +
                                        number(minimum) + " to " + number(maximum));
}

bool has(ArvCamera* camera, const char* feature) {
  ErrorSlot error;
  const bool available = arv_camera_is_feature_available(camera, feature, error.out()) != FALSE;
  error.check(std::string("look for the feature ") + feature);
  return available;
}

void write_pixel_format(ArvCamera* camera, const std::string& format) {
  ErrorSlot error;
  guint count = 0;
  const char** offered = arv_camera_dup_available_pixel_formats_as_strings(camera, &count, error.out());
  const std::vector<std::string> names = names_of(offered, count);
  error.check("list the pixel formats");
  require_offered(format, names, "pixel format");
  arv_camera_set_pixel_format_from_string(camera, format.c_str(), error.out());
  error.check("set the pixel format to " + format);
}

void write_whole_sensor(ArvCamera* camera) {
  ErrorSlot error;
  // The offsets limit the size, so they go first.
  for (const char* offset : {"OffsetX", "OffsetY"}) {
    if (!has(camera, offset)) continue;
    arv_camera_set_integer(camera, offset, 0, error.out());
    error.check(std::string("set ") + offset + " to 0");
  }
  gint minimum = 0;
  gint width = 0;
  gint height = 0;
  arv_camera_get_width_bounds(camera, &minimum, &width, error.out());
  error.check("read the largest width");
  arv_camera_get_height_bounds(camera, &minimum, &height, error.out());
  error.check("read the largest height");
  arv_camera_set_region(camera, 0, 0, width, height, error.out());
  error.check("set the region to the whole sensor");
}

void write_region(ArvCamera* camera, const std::optional<Region>& region) {
  ErrorSlot error;
  if (arv_camera_is_binning_available(camera, error.out()) != FALSE) {
    arv_camera_set_binning(camera, 1, 1, error.out());
  }
  error.check("switch binning off");
  write_whole_sensor(camera);
  if (!region) return;
  gint sensor_width = 0;
  gint sensor_height = 0;
  gint x = 0;
  gint y = 0;
  arv_camera_get_region(camera, &x, &y, &sensor_width, &sensor_height, error.out());
  error.check("read the size of the sensor");
  require_within(region->width_px, 1, sensor_width - region->x_px, "region width in px");
  require_within(region->height_px, 1, sensor_height - region->y_px, "region height in px");
  arv_camera_set_region(camera, region->x_px, region->y_px, region->width_px, region->height_px, error.out());
  error.check("set the region");
}

void write_exposure(ArvCamera* camera, double exposure_us) {
  ErrorSlot error;
  if (arv_camera_is_exposure_auto_available(camera, error.out()) != FALSE) {
    arv_camera_set_exposure_time_auto(camera, ARV_AUTO_OFF, error.out());
  }
  error.check("switch automatic exposure off");
  double minimum = 0;
  double maximum = 0;
  arv_camera_get_exposure_time_bounds(camera, &minimum, &maximum, error.out());
  error.check("read the exposure range");
  require_within(exposure_us, minimum, maximum, "exposure in µs");
  arv_camera_set_exposure_time(camera, exposure_us, error.out());
  error.check("set the exposure to " + number(exposure_us) + " µs");
}

void write_gain(ArvCamera* camera, double gain_db) {
  ErrorSlot error;
  const bool available = arv_camera_is_gain_available(camera, error.out()) != FALSE;
  error.check("look for the gain");
  if (!available && gain_db == 0) return;
  if (!available) throw CameraError(Fault::refused, "the camera has no gain; ask for 0 dB");
  if (arv_camera_is_gain_auto_available(camera, error.out()) != FALSE) {
    arv_camera_set_gain_auto(camera, ARV_AUTO_OFF, error.out());
  }
  error.check("switch automatic gain off");
  double minimum = 0;
  double maximum = 0;
  arv_camera_get_gain_bounds(camera, &minimum, &maximum, error.out());
  error.check("read the gain range");
  require_within(gain_db, minimum, maximum, "gain in dB");
  arv_camera_set_gain(camera, gain_db, error.out());
  error.check("set the gain to " + number(gain_db) + " dB");
}

void write_trigger(ArvCamera* camera, const std::string& line) {
  ErrorSlot error;
  arv_camera_set_acquisition_mode(camera, ARV_ACQUISITION_MODE_CONTINUOUS, error.out());
  error.check("set continuous acquisition");
  guint count = 0;
  const char** offered = arv_camera_dup_available_trigger_sources(camera, &count, error.out());
  const std::vector<std::string> names = names_of(offered, count);
  error.check("list the trigger lines");
  require_offered(line, names, "trigger line");
  // Selects FrameStart, the rising edge and the source, switches the other triggers off.
  arv_camera_set_trigger(camera, line.c_str(), error.out());
  error.check("trigger on " + line);
}

/// A camera that runs freely would fill the stream with frames nobody asked for.
void require_triggered(ArvCamera* camera) {
  ErrorSlot error;
  const std::string mode = text_of(arv_camera_get_string(camera, "TriggerMode", error.out()));
  error.check("read the trigger mode");
  if (mode != "On") throw CameraError(Fault::refused, "the camera does not keep its trigger switched on");
  if (!has(camera, "TriggerActivation")) return;
  const std::string edge = text_of(arv_camera_get_string(camera, "TriggerActivation", error.out()));
  error.check("read the trigger edge");
  if (edge != "RisingEdge") throw CameraError(Fault::refused, "the camera triggers on " + edge + ", not RisingEdge");
}

Region read_region(ArvCamera* camera) {
  Region region;
  ErrorSlot error;
  arv_camera_get_region(camera, &region.x_px, &region.y_px, &region.width_px, &region.height_px, error.out());
  error.check("read the region");
  return region;
}

double read_gain(ArvCamera* camera) {
  ErrorSlot error;
  const bool available = arv_camera_is_gain_available(camera, error.out()) != FALSE;
  error.check("look for the gain");
  const double gain_db = available ? arv_camera_get_gain(camera, error.out()) : 0.0;
  error.check("read the gain");
  return gain_db;
}

}  // namespace

void write_settings(ArvCamera* camera, const Settings& settings) {
  write_pixel_format(camera, settings.pixel_format);
  write_region(camera, settings.region);
  write_exposure(camera, settings.exposure_us);
  write_gain(camera, settings.gain_db);
  write_trigger(camera, settings.trigger_line);
}

Settings read_settings(ArvCamera* camera) {
  require_triggered(camera);
  Settings held;
  ErrorSlot error;
  held.pixel_format = text_of(arv_camera_get_pixel_format_as_string(camera, error.out()));
  error.check("read the pixel format");
  held.exposure_us = arv_camera_get_exposure_time(camera, error.out());
  error.check("read the exposure");
  held.gain_db = read_gain(camera);
  held.region = read_region(camera);
  held.trigger_line = text_of(arv_camera_get_trigger_source(camera, error.out()));
  error.check("read the trigger line");
  return held;
}

FrameFormat read_frame_format(ArvCamera* camera) {
  FrameFormat format;
  ErrorSlot error;
  format.pixel_format = arv_camera_get_pixel_format(camera, error.out());
  error.check("read the pixel format");
  format.payload_bytes = arv_camera_get_payload(camera, error.out());
  error.check("read the payload size");
  const Region region = read_region(camera);
  format.width_px = region.width_px;
  format.height_px = region.height_px;
  const std::size_t bits = static_cast<std::size_t>(ARV_PIXEL_FORMAT_BIT_PER_PIXEL(format.pixel_format));
  const std::size_t pixels = static_cast<std::size_t>(region.width_px) * static_cast<std::size_t>(region.height_px);
  format.image_bytes = (pixels * bits + 7) / 8;
  return format;
}

}  // namespace nearfar::aravis
