#include "cameras/camera_ops.h"

#include <array>
#include <cstdint>
#include <string>

namespace nearfar::rig {
namespace {

using CameraRefs = std::array<VirtualCamera*, 2>;

std::string arm_key(Arm arm) { return std::string(name_of(arm)); }

VirtualCamera& camera_of(const CameraRefs& cameras, Arm arm) { return *cameras[static_cast<std::size_t>(arm)]; }

CameraFaults merged(CameraFaults faults, const Json& changes, const std::string& what) {
  require_only(changes,
               {"packetLoss", "missingFrame", "lateFrame", "lateMs", "extraFrame", "stuckTrigger", "unplugged"}, what);
  faults.packet_loss = number_or(changes, "packetLoss", 0, 1, faults.packet_loss);
  faults.missing_frame = number_or(changes, "missingFrame", 0, 1, faults.missing_frame);
  faults.late_frame = number_or(changes, "lateFrame", 0, 1, faults.late_frame);
  faults.late_ms = number_or(changes, "lateMs", 0, 10000, faults.late_ms);
  faults.extra_frame = number_or(changes, "extraFrame", 0, 1, faults.extra_frame);
  faults.stuck_trigger = boolean_or(changes, "stuckTrigger", faults.stuck_trigger);
  faults.unplugged = boolean_or(changes, "unplugged", faults.unplugged);
  return faults;
}

ShutterTiming merged(ShutterTiming timing, const Json& changes, const std::string& what) {
  require_only(changes, {"shutterLagUs", "shutterLagJitterUs"}, what);
  timing.lag_us = number_or(changes, "shutterLagUs", 0, 200000, timing.lag_us);
  timing.jitter_us = number_or(changes, "shutterLagJitterUs", 0, 20000, timing.jitter_us);
  return timing;
}

void register_faults(ControlServer& server, const CameraRefs& cameras) {
  server.handle_faults({"near", "far"}, [cameras](const Json& faults, bool apply) {
    for (const Arm arm : kArms) {
      const auto change = faults.find(arm_key(arm));
      if (change == faults.end()) continue;
      VirtualCamera& camera = camera_of(cameras, arm);
      const CameraFaults all = merged(camera.faults(), *change, "faults." + arm_key(arm));
      if (apply) camera.set_faults(all);
    }
  });
}

void register_timing(ControlServer& server, const CameraRefs& cameras) {
  server.handle("timing", {"near", "far"}, [cameras](const Json& request) {
    std::array<ShutterTiming, 2> timings;
    for (const Arm arm : kArms) {
      ShutterTiming& timing = timings[static_cast<std::size_t>(arm)];
      timing = camera_of(cameras, arm).timing();
      const auto change = request.find(arm_key(arm));
      if (change != request.end()) timing = merged(timing, *change, arm_key(arm));
    }
    for (const Arm arm : kArms) camera_of(cameras, arm).set_timing(timings[static_cast<std::size_t>(arm)]);
    return Json::object();
  });
}

void register_status(ControlServer& server, const CameraRefs& cameras) {
  server.handle("status", {}, [cameras](const Json&) {
    Json states = Json::object();
    for (const Arm arm : kArms) {
      const VirtualCamera& camera = camera_of(cameras, arm);
      states[arm_key(arm)] = {
          {"serial", camera.serial()}, {"armed", camera.armed()}, {"framesSent", camera.frames_sent()}};
    }
    return Json{{"cameras", states}};
  });
}

}  // namespace

void register_camera_ops(ControlServer& server, VirtualCamera& near, VirtualCamera& far) {
  const CameraRefs cameras{&near, &far};
  register_faults(server, cameras);
  register_timing(server, cameras);
  register_status(server, cameras);
  server.handle("seed", {"seed"}, [cameras](const Json& request) {
    const auto seed = require_integer(request, "seed", 0, std::int64_t{1} << 53);
    for (VirtualCamera* camera : cameras) camera->set_seed(static_cast<std::uint64_t>(seed));
    return Json::object();
  });
}

}  // namespace nearfar::rig
