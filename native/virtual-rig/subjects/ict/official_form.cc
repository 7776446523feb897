// The official layout: FaceXModel/ with one Wavefront OBJ file for each shape.
#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string_view>

#include "base/asset_error.h"
#include "subjects/ict/expressions.h"
#include "subjects/ict/kit_data.h"

namespace nearfar::rig::ict {
namespace {

namespace fs = std::filesystem;

constexpr const char* kWhereFrom = "get the folder from github.com/ICT-VGL/ICT-FaceKit";

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw AssetError("ICT-FaceKit: " + path.string() + " cannot be read; " + kWhereFrom);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

/// Takes the next line off the front, without its end.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

/// What follows a keyword at the start of a line; nothing when another word stands there.
std::optional<std::string_view> after(std::string_view line, std::string_view keyword) {
  if (line.size() <= keyword.size() || !line.starts_with(keyword) || line[keyword.size()] != ' ') return std::nullopt;
  return line.substr(keyword.size() + 1);
}

/// Takes the next number off the front; 0 when there is none.
template <typename Number>
Number take_number(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  Number value{};
  const auto [rest, error] = std::from_chars(line.data(), line.data() + line.size(), value);
  line.remove_prefix(static_cast<std::size_t>(rest - line.data()));
  return value;
}

std::vector<Vec3f> read_positions(std::string_view text) {
  std::vector<Vec3f> positions;
  while (!text.empty()) {
    auto vertex = after(take_line(text), "v");
    if (!vertex) continue;
    const auto x = take_number<float>(*vertex), y = take_number<float>(*vertex), z = take_number<float>(*vertex);
    positions.push_back(from_kit(x, y, z));
  }
  return positions;
}

std::vector<std::uint32_t> read_corners(std::string_view line, std::size_t vertices, const fs::path& path) {
  std::vector<std::uint32_t> corners;
  while (line.find_first_not_of(" \t") != std::string_view::npos) {
    const auto vertex = take_number<std::uint32_t>(line);
    if (vertex == 0 || vertex > vertices) {
      throw AssetError("ICT-FaceKit: a face of " + path.string() + " has no such vertex");
    }
    corners.push_back(vertex - 1);
    line.remove_prefix(std::min(line.find(' '), line.size()));
  }
  return corners;
}

std::vector<MaterialGroup> read_groups(std::string_view text, std::size_t vertices, const fs::path& path) {
  std::vector<MaterialGroup> groups;
  std::size_t current = 0;
  const auto enter = [&](std::string_view name) {
    const auto is_it = [&](const MaterialGroup& group) { return group.name == name; };
    const auto known = std::find_if(groups.begin(), groups.end(), is_it);
    current = static_cast<std::size_t>(known - groups.begin());
    if (known == groups.end()) groups.push_back({std::string(name), {}});
  };
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (const auto material = after(line, "usemtl")) enter(*material);
    const auto face = after(line, "f");
    if (!face) continue;
    if (groups.empty()) enter("");
    add_polygon(groups[current], read_corners(*face, vertices, path));
  }
  return groups;
}

/// What a shape's file differs from the neutral mesh by.
Shape read_shape(const fs::path& path, const std::vector<Vec3f>& neutral) {
  std::vector<Vec3f> moved = read_positions(read_text(path));
  if (moved.size() != neutral.size()) {
    throw AssetError("ICT-FaceKit: " + path.string() + " has " + std::to_string(moved.size()) +
                     " vertices, the neutral mesh " + std::to_string(neutral.size()) + "; " + kWhereFrom);
  }
  Shape shape;
  for (std::size_t i = 0; i < moved.size(); ++i) {
    const Vec3f d{moved[i].x - neutral[i].x, moved[i].y - neutral[i].y, moved[i].z - neutral[i].z};
    if (d.x == 0 && d.y == 0 && d.z == 0) continue;
    shape.index.push_back(static_cast<std::uint32_t>(i));
    shape.delta.push_back(d);
  }
  return shape;
}

/// The first line of the kit's README that is a list of 68 numbers.
std::vector<std::uint32_t> landmarks_of_readme(const fs::path& path) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (line.find_first_not_of("0123456789, \t\r") != std::string::npos) continue;
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream words(line);
    const std::vector<std::uint32_t> numbers{std::istream_iterator<std::uint32_t>(words), {}};
    if (numbers.size() == 68) return numbers;
  }
  return {};
}

std::vector<std::uint32_t> landmarks_of_json(const fs::path& path) {
  std::ifstream in(path);
  const nlohmann::json json = nlohmann::json::parse(in, nullptr, false);
  if (!json.is_object() || !json.contains("idx_to_landmark_verts")) return {};
  const nlohmann::json& list = json["idx_to_landmark_verts"];
  if (!list.is_array() || list.size() != 68) return {};
  std::vector<std::uint32_t> numbers;
  for (const nlohmann::json& number : list) {
    if (!number.is_number_unsigned()) return {};
    numbers.push_back(number.get<std::uint32_t>());
  }
  return numbers;
}

std::vector<std::uint32_t> read_landmarks(const fs::path& models) {
  for (const fs::path& readme : {models / "README.md", models.parent_path() / "README.md"}) {
    if (auto found = landmarks_of_readme(readme); !found.empty()) return found;
  }
  return landmarks_of_json(models / "vertex_indices.json");
}

fs::path identity_path(const fs::path& models, std::size_t mode) {
  const std::string number = std::to_string(1000 + mode).substr(1);
  return models / ("identity" + number + ".obj");
}

}  // namespace

KitData read_official(const fs::path& folder) {
  const fs::path root = fs::absolute(folder).lexically_normal();
  const fs::path models = fs::exists(root / "FaceXModel") ? root / "FaceXModel" : root;
  const fs::path neutral_path = models / "generic_neutral_mesh.obj";
  const std::string neutral_text = read_text(neutral_path);
  KitData data;
  data.neutral = read_positions(neutral_text);
  data.groups = read_groups(neutral_text, data.neutral.size(), neutral_path);
  for (std::size_t mode = 0; mode < kMaxIdentityModes && fs::exists(identity_path(models, mode)); ++mode) {
    data.identities.push_back(read_shape(identity_path(models, mode), data.neutral));
  }
  for (const std::string& name : used_shapes()) {
    const fs::path path = models / (name + ".obj");
    if (fs::exists(path)) data.expressions[name] = read_shape(path, data.neutral);
  }
  data.landmarks = read_landmarks(models);
  return data;
}

}  // namespace nearfar::rig::ict
