#include "targets/targets.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "targets/board.h"
#include "targets/definition.h"

namespace nearfar::rig {
namespace {

constexpr const char* kLedCounter = "led-counter";
constexpr const char* kPointLight = "point-light";

/// Which function builds what a definition describes.
struct Builder {
  const PrintFlaws& flaws;

  Object operator()(const BoardDefinition& board) const {
    Object object;
    add_board(object, board, flaws, {});
    return object;
  }
  Object operator()(const AssemblyDefinition& assembly) const { return assembled(assembly, flaws); }
  Object operator()(const ColorChartDefinition& chart) const { return color_chart(chart); }
};

std::string joined(const std::vector<std::string>& words) {
  std::string list;
  for (const std::string& word : words) list += (list.empty() ? "" : ", ") + word;
  return list;
}

}  // namespace

std::vector<std::string> target_ids(const AssetFolders& folders) {
  std::error_code problem;
  std::vector<std::string> ids{kLedCounter, kPointLight};
  for (const auto& entry : std::filesystem::directory_iterator(folders.targets, problem))
    if (entry.path().extension() == ".json") ids.push_back(entry.path().stem().string());
  if (problem) {
    throw AssetError("cannot read the folder of target definitions " + folders.targets.string() + ": " +
                     problem.message());
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::shared_ptr<const Object> build_target(const std::string& id, const PrintFlaws& flaws,
                                           const AssetFolders& folders) {
  if (id == kLedCounter) return build_led_counter({});
  if (id == kPointLight) return std::make_shared<const Object>(point_light());
  const std::vector<std::string> ids = target_ids(folders);
  if (std::find(ids.begin(), ids.end(), id) == ids.end())
    throw AssetError("there is no target \"" + id + "\"; there are " + joined(ids));
  const TargetDefinition definition = read_target_definition(folders.targets / (id + ".json"));
  return std::make_shared<const Object>(std::visit(Builder{flaws}, definition));
}

}  // namespace nearfar::rig
