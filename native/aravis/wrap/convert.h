#pragma once

#include <napi.h>

#include <string>
#include <vector>

#include "../core/camera.h"

namespace nearfar::aravis {

/// Plain structs from and to the objects of src/native/aravis.ts. JS thread; a value of the wrong
/// type throws a JS TypeError that names the property.

Settings settings_from(const Napi::Value& value);
Napi::Object settings_to(Napi::Env env, const Settings& settings);
Napi::Object device_to(Napi::Env env, const DeviceInfo& info, const std::string& firmware);
Napi::Object frame_to(Napi::Env env, const Frame& frame);
Napi::Object statistics_to(Napi::Env env, const StreamStatistics& totals);

/// The memory of an array of Uint8Array, shared or not. The caller keeps the arrays alive.
std::vector<BufferSpan> buffers_from(const Napi::Value& value);

}  // namespace nearfar::aravis
