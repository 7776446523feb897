// The optics file that the rig is started with (`--optics`): src/schema/virtual-optics.ts in JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "optics/rig_optics.h"

namespace nearfar::rig {

/// @param json the `optics` object, complete: the launcher has filled in every default.
/// Throws std::invalid_argument naming the member that is missing, unknown or out of range.
RigOptics rig_optics_of(const nlohmann::json& json);

}  // namespace nearfar::rig
