#include "convert.h"

#include <optional>

#include "../../addon/read_value.h"

namespace nearfar::aravis {
namespace {

using addon::integer_from;
using addon::number_from;
using addon::object_from;
using addon::reject_type;
using addon::text_from;

std::optional<Region> region_from(const Napi::Value& value) {
  if (value.IsNull()) return std::nullopt;
  const Napi::Object region = object_from(value, "region");
  return Region{.x_px = integer_from(region, "xPx"),
                .y_px = integer_from(region, "yPx"),
                .width_px = integer_from(region, "widthPx"),
                .height_px = integer_from(region, "heightPx")};
}

Napi::Object region_to(Napi::Env env, const Region& region) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("xPx", region.x_px);
  object.Set("yPx", region.y_px);
  object.Set("widthPx", region.width_px);
  object.Set("heightPx", region.height_px);
  return object;
}

/// The FrameStatus of src/devices/contract/camera.ts.
const char* name_of(FrameStatus status) {
  switch (status) {
    case FrameStatus::complete: return "complete";
    case FrameStatus::missing_packets: return "missing-packets";
    case FrameStatus::timeout: return "timeout";
    case FrameStatus::size_mismatch: return "size-mismatch";
    case FrameStatus::aborted: return "aborted";
  }
  return "aborted";
}

Napi::Number count(Napi::Env env, std::uint64_t value) {
  return Napi::Number::New(env, static_cast<double>(value));
}

BufferSpan span_from(const Napi::Value& value) {
  napi_typedarray_type type = napi_int8_array;
  std::size_t bytes = 0;
  void* data = nullptr;
  const napi_status status =
      napi_get_typedarray_info(value.Env(), value, &type, &bytes, &data, nullptr, nullptr);
  if (status != napi_ok || type != napi_uint8_array) reject_type(value.Env(), "a buffer", "a Uint8Array");
  return {static_cast<std::byte*>(data), bytes};
}

}  // namespace

Settings settings_from(const Napi::Value& value) {
  const Napi::Object object = object_from(value, "settings");
  return {.pixel_format = text_from(object, "pixelFormat"),
          .exposure_us = number_from(object, "exposureUs"),
          .gain_db = number_from(object, "gainDb"),
          .region = region_from(object.Get("region")),
          .trigger_line = text_from(object, "triggerLine")};
}

Napi::Object settings_to(Napi::Env env, const Settings& settings) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("pixelFormat", settings.pixel_format);
  object.Set("exposureUs", settings.exposure_us);
  object.Set("gainDb", settings.gain_db);
  object.Set("region", settings.region ? region_to(env, *settings.region) : env.Null());
  object.Set("triggerLine", settings.trigger_line);
  return object;
}

Napi::Object device_to(Napi::Env env, const DeviceInfo& info, const std::string& firmware) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("vendor", info.vendor);
  object.Set("model", info.model);
  object.Set("serial", info.serial);
  object.Set("address", info.address);
  object.Set("firmware", firmware.empty() ? env.Null() : Napi::String::New(env, firmware));
  return object;
}

Napi::Object frame_to(Napi::Env env, const Frame& frame) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("buffer", frame.buffer);
  object.Set("frameId", count(env, frame.frame_id));
  object.Set("deviceTimeNs", Napi::BigInt::New(env, frame.device_time_ns));
  object.Set("hostTimeNs", Napi::BigInt::New(env, frame.host_time_ns));
  object.Set("status", name_of(frame.status));
  object.Set("widthPx", frame.width_px);
  object.Set("heightPx", frame.height_px);
  object.Set("imageBytes", count(env, frame.image_bytes));
  return object;
}

Napi::Object statistics_to(Napi::Env env, const StreamStatistics& totals) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("framesComplete", count(env, totals.frames_complete));
  object.Set("framesIncomplete", count(env, totals.frames_incomplete));
  object.Set("underruns", count(env, totals.underruns));
  object.Set("packetsMissing", count(env, totals.packets_missing));
  object.Set("packetsResent", count(env, totals.packets_resent));
  return object;
}

std::vector<BufferSpan> buffers_from(const Napi::Value& value) {
  if (!value.IsArray()) reject_type(value.Env(), "buffers", "an array");
  const Napi::Array array = value.As<Napi::Array>();
  std::vector<BufferSpan> spans;
  for (std::uint32_t i = 0; i < array.Length(); ++i) spans.push_back(span_from(array.Get(i)));
  return spans;
}

}  // namespace nearfar::aravis
