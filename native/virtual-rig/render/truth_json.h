// The JSON form of the truth: format "nearfar-scene-truth", version 1 (src/schema/scene-truth.ts).
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "render/truth.h"

namespace nearfar::rig {

/// @param arrays names of the arrays that are written beside it.
nlohmann::json scene_truth_json(const SceneTruth& truth, const std::vector<std::string>& arrays = {});

/// The truth that the ops `sceneTruth` and `truth` answer with; writes the arrays into the folder.
/// Throws AssetError for an unknown array name, arrays without a folder, a folder that does not exist or cannot be
/// written, and as Renderer::stage() does.
nlohmann::json make_truth(Renderer& renderer, const World& world, const ShotTimes& times,
                          const std::optional<std::filesystem::path>& directory,
                          const std::vector<std::string>& arrays);

}  // namespace nearfar::rig
