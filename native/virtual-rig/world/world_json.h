// The `scene` request of the control socket (src/schema/virtual-rig.ts) and its World.
#pragma once

#include <optional>
#include <string_view>

#include "control/control_server.h"
#include "world/world.h"

namespace nearfar::rig {

/// Members of the request that merged_world() understands.
inline constexpr std::initializer_list<const char*> kSceneFields = {
    "scene", "brightness", "target", "targetPose", "subject", "motion", "light", "noise", "samplesPerPixel",
    "plateBumpDeg"};

/// Members that are absent stay as they are in `world`. Throws RequestError naming the member.
World merged_world(const World& world, const Json& request);

/// The whole world as the same members (and `distanceMm`), for status and truth.
Json world_json(const World& world);

/// plane, flat, dark, target, subject.
std::optional<SceneKind> find_scene(std::string_view name);

}  // namespace nearfar::rig
