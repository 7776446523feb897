#include "targets/definition.h"

#include <array>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "subjects/subject.h"

namespace nearfar::rig {
namespace {

using Json = nlohmann::json;

void demand(bool condition, const std::string& what) {
  if (!condition) throw std::runtime_error(what);
}

/// Nothing larger fits before the rig, and a slip in a file must not fill the memory with triangles.
constexpr double kLongestMm = 2000;
constexpr std::size_t kMostParts = 20;

double length_in(const Json& object, const char* member) {
  const double value = object.at(member).get<double>();
  demand(value > 0 && value <= kLongestMm, std::string(member) + " is no length of at most 2000 mm");
  return value;
}

double place_of(double value, const char* member) {
  demand(std::abs(value) <= kLongestMm, std::string(member) + " is more than 2000 mm away");
  return value;
}

int count_in(const Json& object, const char* member) {
  const int value = object.at(member).get<int>();
  demand(value >= 1 && value <= 100, std::string(member) + " is not between 1 and 100");
  return value;
}

SizeMm size_in(const Json& object, const char* member) {
  return {length_in(object.at(member), "widthMm"), length_in(object.at(member), "heightMm")};
}

std::uint64_t bits_of(const std::string& hex) {
  demand(hex.size() == 9 && hex.find_first_not_of("0123456789abcdef") == std::string::npos,
         "markerBits holds \"" + hex + "\" instead of nine hex digits");
  return std::stoull(hex, nullptr, 16);
}

BoardDefinition board_of(const Json& json) {
  BoardDefinition board;
  board.id = json.at("id").get<std::string>();
  board.squares_x = count_in(json, "squaresX");
  board.squares_y = count_in(json, "squaresY");
  board.square_mm = length_in(json, "squareMm");
  board.top_left_black = json.at("topLeftSquare").get<std::string>() == "black";
  board.sheet = size_in(json, "sheet");
  demand(board.pattern().width <= board.sheet.width && board.pattern().height <= board.sheet.height,
         "the sheet is smaller than the pattern");
  if (!json.contains("markerBits")) return board;
  board.marker_mm = length_in(json, "markerMm");
  demand(board.marker_mm < board.square_mm, "markerMm is not below squareMm");
  demand(json.at("dictionary").get<std::string>() == "DICT_6X6_250", "dictionary is not DICT_6X6_250");
  for (const Json& hex : json.at("markerBits")) board.marker_bits.push_back(bits_of(hex.get<std::string>()));
  const int squares = board.squares_x * board.squares_y;
  const int white = board.top_left_black ? squares / 2 : (squares + 1) / 2;
  demand(board.marker_bits.size() == static_cast<std::size_t>(white),
         "markerBits does not hold one marker for each white square");
  return board;
}

Mat3 rotation_of(const std::array<double, 4>& quaternion) {
  const auto [w, x, y, z] = quaternion;
  demand(std::abs(w * w + x * x + y * y + z * z - 1) < 1e-6, "rotation is no unit quaternion");
  return {{1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y),
           2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
           2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)}};
}

Rigid pose_of(const Json& json) {
  const auto [x, y, z] = json.at("translationMm").get<std::array<double, 3>>();
  constexpr const char* kMember = "translationMm";
  return {rotation_of(json.at("rotation").get<std::array<double, 4>>()),
          {place_of(x, kMember), place_of(y, kMember), place_of(z, kMember)}};
}

/// The list of an assembly's parts.
const Json& parts_in(const Json& json, const char* member) {
  const Json& parts = json.at(member);
  demand(parts.is_array() && parts.size() <= kMostParts, std::string(member) + " is no list of at most 20 parts");
  return parts;
}

AssemblyDefinition assembly_of(const Json& json) {
  AssemblyDefinition assembly;
  for (const Json& part : parts_in(json, "boards"))
    assembly.boards.push_back({board_of(part), pose_of(part.at("pose"))});
  assembly.base = size_in(json, "base");
  assembly.base_z_mm = place_of(json.at("base").at("zMm").get<double>(), "zMm");
  for (const Json& post : parts_in(json, "posts")) {
    const std::string carried = post.at("board").get<std::string>();
    std::size_t board = 0;
    while (board < assembly.boards.size() && assembly.boards[board].board.id != carried) ++board;
    demand(board < assembly.boards.size(), "a post carries the unknown board \"" + carried + "\"");
    assembly.posts.push_back({board, length_in(post, "sideMm")});
  }
  // Corners of a part are told apart from those of other targets by the assembly's id.
  for (AssembledBoard& part : assembly.boards) part.board.id = json.at("id").get<std::string>() + "-" + part.board.id;
  return assembly;
}

ColorChartDefinition color_chart_of(const Json& json) {
  ColorChartDefinition chart;
  chart.body = size_in(json, "body");
  chart.columns = count_in(json, "columns");
  chart.rows = count_in(json, "rows");
  chart.patch_mm = length_in(json, "patchMm");
  chart.pitch_mm = length_in(json, "pitchMm");
  demand(chart.columns * chart.rows == 24, "a color chart has 24 patches");
  demand(json.at("reference").get<std::string>() == "colorchecker-after-2014",
         "reference is not colorchecker-after-2014");
  return chart;
}

TargetDefinition definition_of(const Json& json) {
  demand(json.at("format").get<std::string>() == "nearfar-target" && json.at("version").get<int>() == 1,
         "it is not of format nearfar-target, version 1");
  const std::string kind = json.at("kind").get<std::string>();
  if (kind == "charuco" || kind == "chessboard") return board_of(json);
  if (kind == "assembly") return assembly_of(json);
  demand(kind == "color-chart", "the kind \"" + kind + "\" is not known");
  return color_chart_of(json);
}

}  // namespace

TargetDefinition read_target_definition(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw AssetError("cannot read " + path.string());
  try {
    return definition_of(Json::parse(file));
  } catch (const std::exception& error) {
    throw AssetError(path.string() + " is no target definition: " + error.what());
  }
}

}  // namespace nearfar::rig
