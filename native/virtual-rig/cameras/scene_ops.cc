#include "cameras/scene_ops.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cameras/shot_times.h"
#include "render/npy.h"
#include "render/truth_json.h"
#include "world/world_json.h"

namespace nearfar::rig {
namespace {

constexpr double kDefaultExposureUs = 5000;
constexpr const char* kEnding = "the rig is ending";

TracedRig& require_optics(TracedRig* traced) {
  if (traced == nullptr) throw RequestError("this rig was started without optics and shows only the plane");
  return *traced;
}

/// Runs what reads meshes and writes files; their trouble is the request's.
template <class Work>
auto refused_when_it_fails(Work work) {
  try {
    return work();
  } catch (const AssetError& error) {
    throw RequestError(error.what());
  }
}

Arm require_arm(const Json& request) {
  const std::string name = require_string(request, "arm");
  for (const Arm arm : kArms)
    if (name == name_of(arm)) return arm;
  throw RequestError("`arm` is near or far");
}

std::filesystem::path require_absolute(const Json& request, const char* member) {
  const std::filesystem::path path = require_string(request, member);
  if (!path.is_absolute()) throw RequestError("`" + std::string(member) + "` must be an absolute path");
  return path;
}

std::vector<std::string> array_names(const Json& request) {
  std::vector<std::string> names;
  if (!request.contains("arrays")) return names;
  const Json& list = request.at("arrays");
  if (!list.is_array()) throw RequestError("`arrays` must be a list of names");
  for (const Json& name : list) {
    if (!name.is_string()) throw RequestError("`arrays` must be a list of names");
    names.push_back(name.get<std::string>());
  }
  return names;
}

bool same_pose(const std::optional<Rigid>& a, const std::optional<Rigid>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  return a->translation == b->translation && a->rotation.m == b->rotation.m;
}

/// Whether the same object goes on moving in the same way.
bool moves_alike(const World& a, const World& b) {
  const MotionSpec &one = a.motion, &other = b.motion;
  return a.kind == b.kind && a.target == b.target && same_pose(a.T_rig_target, b.T_rig_target) &&
         one.kind == other.kind && one.seed == other.seed && one.strength == other.strength &&
         one.velocity_mm_s == other.velocity_mm_s && one.blink == other.blink;
}

void set_world(const SceneOps& ops, World world) {
  if (world.kind != SceneKind::plane) {
    Renderer& renderer = *require_optics(ops.traced).renderer;
    refused_when_it_fails([&] { return renderer.stage(world); });
  }
  const auto shared = std::make_shared<const World>(std::move(world));
  ops.scene.update([&](const Scene& before) {
    const Tick now = ops.board.tick_now();
    return Scene{shared, moves_alike(*before.world, *shared) ? std::min(before.since, now) : now};
  });
}

/// Truth of a world for these times, with the arrays that the request asks for.
Json truth_of(const SceneOps& ops, const Json& request, const World& world, const ShotTimes& times) {
  if (world.kind == SceneKind::plane) return nullptr;
  Renderer& renderer = *require_optics(ops.traced).renderer;
  std::optional<std::filesystem::path> directory;
  if (request.contains("directory")) directory = require_absolute(request, "directory");
  const std::vector<std::string> names = array_names(request);
  return refused_when_it_fails([&] { return make_truth(renderer, world, times, directory, names); });
}

/// Of what `render` shows: time 0 of the motion, lit by the strobe where the scene has one.
ShotTimes untriggered_times(const World& world) {
  Instant instant;
  instant.exposure_s = kDefaultExposureUs * 1e-6;
  instant.strobe = world.light.strobe > 0;
  return {instant, instant};
}

Json frame_json(const std::optional<FrameTruth>& frame) {
  if (!frame) return nullptr;
  return {
      {"triggerTick", std::to_string(frame->trigger_tick)},
      {"exposureStartTick", std::to_string(frame->exposure.start)},
      {"exposureEndTick", std::to_string(frame->exposure.end)},
      {"deviceTimeNs", std::to_string(frame->device_time_ns)},
      {"fate", name_of(frame->fate)},
      {"extraFrames", frame->extra_frames},
  };
}

Json tick_json(const std::optional<Tick>& tick) { return tick ? Json(std::to_string(*tick)) : Json(nullptr); }

Json trigger_json(const TriggerTruth& trigger) {
  const auto& strobe = trigger.strobe;
  return {
      {"triggerNumber", trigger.trigger_number},
      {"near", frame_json(trigger.frames[0])},
      {"far", frame_json(trigger.frames[1])},
      {"strobeTick", tick_json(strobe ? std::optional(strobe->on) : std::nullopt)},
      {"strobeEndTick", tick_json(strobe ? strobe->off : std::nullopt)},
  };
}

void register_scene(ControlServer& server, const SceneOps& ops) {
  server.handle("scene", kSceneFields, [ops](const Json& request) {
    set_world(ops, merged_world(*ops.scene.now().world, request));
    return Json::object();
  });
  server.handle("stage", {"distanceMm"}, [ops](const Json& request) {
    if (!request.contains("distanceMm")) throw RequestError("distanceMm: missing");
    const double distance_mm = number_or(request, "distanceMm", 230, 1370, 0);
    ops.scene.update([&](const Scene& before) {
      World world = *before.world;
      world.distance_mm = distance_mm;
      return Scene{std::make_shared<const World>(std::move(world)), before.since};
    });
    return Json::object();
  });
  server.handle("status", {}, [ops](const Json&) {
    const Json scene = world_json(*ops.scene.now().world);
    return Json{{"distanceMm", scene.at("distanceMm")}, {"scene", scene}};
  });
}

/// The raw frame as the sensor would put it out now, or the signal before it.
void register_render(ControlServer& server, const SceneOps& ops) {
  // Each frame has noise of its own; handlers of one op run one at a time.
  const auto frames = std::make_shared<std::uint64_t>(0);
  server.handle("render", {"arm", "path", "output", "exposureUs", "gainDb"}, [ops, frames](const Json& request) {
    TracedRig& traced = require_optics(ops.traced);
    const Arm arm = require_arm(request);
    const std::filesystem::path path = require_absolute(request, "path");
    const std::string output = require_string(request, "output");
    const World world = *ops.scene.now().world;
    if (world.kind == SceneKind::plane) throw RequestError("the plane is not traced; set another scene first");
    ExposureTimes times;
    times.length_s = number_or(request, "exposureUs", 1, 1e7, kDefaultExposureUs) * 1e-6;
    times.start_s = -(times.length_s + traced.view(arm).last_row_delay_s()) / 2;
    if (world.light.strobe > 0) times.strobe_s = -times.strobe_length_s / 2;
    const double gain_db = number_or(request, "gainDb", 0, 48, 0);
    const auto cancelled = [&ops] { return ops.interrupted.load(); };
    return refused_when_it_fails([&] {
      const auto size = [](int px) { return static_cast<std::size_t>(px); };
      if (output == "signal") {
        FrameRequest frame;
        frame.arm = arm;
        frame.times = times;
        frame.sampling = Sampling::rgb;
        frame.cancelled = cancelled;
        const SignalImage image = traced.renderer->render(*traced.renderer->stage(world), frame);
        if (image.values.empty()) throw RequestError(kEnding);
        write_npy(path, std::span<const float>(image.values), {size(image.height), size(image.width), 3});
        return Json{{"path", path.string()}, {"widthPx", image.width}, {"heightPx", image.height}};
      }
      if (output != "raw") throw RequestError("`output` is raw or signal");
      const TracedView& view = traced.view(arm);
      TracedExposure exposure;
      exposure.times = times;
      exposure.gain_db = gain_db;
      exposure.region = {0, 0, view.sensor_width(), view.sensor_height()};
      exposure.bayer = view.bayer();
      exposure.noise_seed = ++*frames;
      const auto samples = view.expose(world, exposure, cancelled);
      if (samples.empty()) throw RequestError(kEnding);
      write_npy(path, std::span<const std::uint16_t>(samples), {size(view.sensor_height()), size(view.sensor_width())});
      return Json{{"path", path.string()}, {"widthPx", view.sensor_width()}, {"heightPx", view.sensor_height()}};
    });
  });
}

void register_truth(ControlServer& server, const SceneOps& ops) {
  server.handle("sceneTruth", {"directory", "arrays"}, [ops](const Json& request) {
    const World world = *ops.scene.now().world;
    if (world.kind == SceneKind::plane) throw RequestError("the plane has no optics; set another scene first");
    return truth_of(ops, request, world, untriggered_times(world));
  });
  server.handle("truth", {"bootId", "shotId", "directory", "arrays"}, [ops](const Json& request) -> Json {
    const std::string boot_id = require_string(request, "bootId");
    const auto shot_id = static_cast<std::uint32_t>(
        require_integer(request, "shotId", 0, std::numeric_limits<std::uint32_t>::max()));
    const auto shot = ops.truth.find(boot_id, shot_id);
    if (!shot) return nullptr;
    Json triggers = Json::array();
    for (const TriggerTruth& trigger : shot->triggers) triggers.push_back(trigger_json(trigger));
    // The last trigger is the one whose frames became the pair.
    const TriggerTruth& last = shot->triggers.back();
    return {{"bootId", boot_id},
            {"shotId", shot_id},
            {"distanceMm", last.scene.world->distance_mm},
            {"triggers", triggers},
            {"scene", truth_of(ops, request, *last.scene.world, shot_times(last))}};
  });
}

}  // namespace

void SceneOps::register_on(ControlServer& server) const {
  register_scene(server, *this);
  register_render(server, *this);
  register_truth(server, *this);
}

}  // namespace nearfar::rig
