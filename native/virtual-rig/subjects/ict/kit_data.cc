#include "subjects/ict/kit_data.h"

#include <algorithm>
#include <cmath>

#include "base/asset_error.h"

namespace nearfar::rig::ict {
namespace {

/// A head is a fifth of this; anything beyond would only fill the memory with triangles.
constexpr float kFarthestMm = 2000;

/// Also false for what is no number.
bool is_near(const Vec3f& v) {
  return std::abs(v.x) <= kFarthestMm && std::abs(v.y) <= kFarthestMm && std::abs(v.z) <= kFarthestMm;
}

bool all_near(const std::vector<Vec3f>& vectors) { return std::all_of(vectors.begin(), vectors.end(), is_near); }

}  // namespace

const Triangles& triangles_of(const KitData& data, const std::string& material) {
  static const Triangles none;
  for (const MaterialGroup& group : data.groups) {
    if (group.name == material) return group.triangles;
  }
  return none;
}

void add_polygon(MaterialGroup& group, const std::vector<std::uint32_t>& corners) {
  for (std::size_t i = 2; i < corners.size(); ++i) {
    const std::array<std::uint32_t, 3> t = {corners[0], corners[i - 1], corners[i]};
    if (t[0] != t[1] && t[1] != t[2] && t[0] != t[2]) group.triangles.push_back(t);
  }
}

void check(const KitData& data, const std::filesystem::path& folder) {
  const auto broken = [&](const std::string& why) {
    throw AssetError("ICT-FaceKit: the mesh in " + folder.string() + " " + why + "; copy the folder again");
  };
  for (const char* material : {"M_Face", "M_BackHead", kEyes[0], kEyes[1]}) {
    if (triangles_of(data, material).empty()) broken("has no faces of the material " + std::string(material));
  }
  const auto beyond = [&](std::uint32_t v) { return v >= data.neutral.size(); };
  if (!all_near(data.neutral)) broken("has vertices more than 2 m away or nowhere");
  const auto wrong = [&](const Shape& s) {
    if (!all_near(s.delta)) return true;
    return s.index.empty() ? !s.delta.empty() && s.delta.size() != data.neutral.size()
                           : s.index.size() != s.delta.size() || std::any_of(s.index.begin(), s.index.end(), beyond);
  };
  for (const MaterialGroup& group : data.groups) {
    for (const auto& t : group.triangles) {
      if (std::any_of(t.begin(), t.end(), beyond)) broken("has a face without a vertex");
    }
  }
  for (const auto& [name, shape] : data.expressions) {
    if (wrong(shape)) broken("does not fit the shape " + name);
  }
  if (std::any_of(data.identities.begin(), data.identities.end(), wrong)) broken("does not fit its identity modes");
  if (std::any_of(data.landmarks.begin(), data.landmarks.end(), beyond)) broken("lacks vertices of its landmarks");
}

}  // namespace nearfar::rig::ict
