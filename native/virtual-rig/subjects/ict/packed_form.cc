// The packed form: one .json that lists the sections of one .bin.
#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/asset_error.h"
#include "subjects/ict/expressions.h"
#include "subjects/ict/kit_data.h"

namespace nearfar::rig::ict {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* kFormat = "ict-facekit-pack/1";

/// The first index in the folder, by name, that has our format.
std::optional<fs::path> find_index(const fs::path& folder) {
  std::error_code none;
  std::vector<fs::path> candidates;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    if (entry.path().extension() == ".json") candidates.push_back(entry.path());
  }
  std::sort(candidates.begin(), candidates.end());
  for (const fs::path& path : candidates) {
    std::string head(200, '\0');
    std::ifstream in(path, std::ios::binary);
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    if (head.find(kFormat) != std::string::npos) return path;
  }
  return std::nullopt;
}

/// Sections of the binary file by name. Throws AssetError, std::out_of_range or Json::exception.
class Sections {
 public:
  Sections(const Json& index, const fs::path& path) : path_(path) {
    for (const Json& section : index.at("sections")) by_name_[section.at("name")] = section;
    std::ifstream in(path, std::ios::binary);
    if (!in) throw AssetError("ICT-FaceKit: " + path.string() + " is missing beside its .json");
    bytes_.assign(std::istreambuf_iterator<char>(in), {});
  }

  bool has(const std::string& name) const { return by_name_.count(name) != 0; }

  /// All values of a section as they are stored.
  template <typename T>
  std::vector<T> values(const std::string& name, const char* type) const {
    const Json& section = by_name_.at(name);
    const auto offset = section.at("offset").get<std::size_t>(), size = section.at("bytes").get<std::size_t>();
    if (section.at("dtype") != type || size % sizeof(T) != 0) fail(name, "has another type than " + std::string(type));
    if (offset > bytes_.size() || size > bytes_.size() - offset) fail(name, "reaches beyond the end of the file");
    std::vector<T> out(size / sizeof(T));
    std::memcpy(out.data(), bytes_.data() + offset, size);
    return out;
  }

  std::vector<Vec3f> deltas(const std::string& name) const {
    const std::vector<std::int16_t> raw = values<std::int16_t>(name, "<i2");
    const auto scale = by_name_.at(name).at("scale").get<float>();
    std::vector<Vec3f> out(raw.size() / 3);
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = from_kit(static_cast<float>(raw[3 * i]) * scale, static_cast<float>(raw[3 * i + 1]) * scale,
                        static_cast<float>(raw[3 * i + 2]) * scale);
    }
    return out;
  }

 private:
  [[noreturn]] void fail(const std::string& name, const std::string& why) const {
    throw AssetError("ICT-FaceKit: section \"" + name + "\" of " + path_.string() + " " + why +
                     "; copy the folder again");
  }

  fs::path path_;
  std::map<std::string, Json> by_name_;
  std::vector<char> bytes_;
};

std::vector<MaterialGroup> read_groups(const Json& index, const Sections& sections) {
  std::vector<MaterialGroup> groups;
  for (const Json& name : index.at("materials")) groups.push_back({name, {}});
  const std::vector<std::uint16_t> quads = sections.values<std::uint16_t>("quads", "<u2");
  const std::vector<std::uint8_t> material = sections.values<std::uint8_t>("material", "|u1");
  for (std::size_t i = 0; i < material.size() && 4 * i + 3 < quads.size(); ++i) {
    add_polygon(groups.at(material[i]), {quads[4 * i], quads[4 * i + 1], quads[4 * i + 2], quads[4 * i + 3]});
  }
  return groups;
}

KitData read_sections(const Json& index, const Sections& sections) {
  KitData data;
  const std::vector<float> positions = sections.values<float>("positions", "<f4");
  for (std::size_t i = 0; i + 2 < positions.size(); i += 3) {
    data.neutral.push_back(from_kit(positions[i], positions[i + 1], positions[i + 2]));
  }
  data.groups = read_groups(index, sections);
  const auto modes = std::min(index.at("identity_modes").get<std::size_t>(), kMaxIdentityModes);
  for (std::size_t i = 0; i < modes; ++i) {
    std::string name = std::to_string(i);
    name.insert(0, 3 - std::min<std::size_t>(3, name.size()), '0');
    data.identities.push_back({{}, sections.deltas("identity" + name)});
  }
  for (const std::string& name : used_shapes()) {
    if (!sections.has(name + ":index")) continue;
    const std::vector<std::uint16_t> index16 = sections.values<std::uint16_t>(name + ":index", "<u2");
    data.expressions[name] = {{index16.begin(), index16.end()}, sections.deltas(name + ":delta")};
  }
  if (index.contains("landmarks68")) data.landmarks = index.at("landmarks68").get<std::vector<std::uint32_t>>();
  return data;
}

}  // namespace

bool is_packed(const fs::path& folder) { return find_index(folder).has_value(); }

KitData read_packed(const fs::path& folder) {
  const fs::path path = find_index(folder).value();
  try {
    std::ifstream in(path);
    const Json index = Json::parse(in);
    return read_sections(index, Sections(index, fs::path(path).replace_extension(".bin")));
  } catch (const Json::exception& error) {
    throw AssetError("ICT-FaceKit: " + path.string() + " cannot be understood (" + error.what() + "); copy it again");
  } catch (const std::out_of_range&) {
    throw AssetError("ICT-FaceKit: " + path.string() + " lacks a section or names an unknown material; copy it again");
  }
}

}  // namespace nearfar::rig::ict
