// An ICT-FaceKit folder in memory, in the axes and units of our objects.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "subjects/mesh.h"

namespace nearfar::rig::ict {

/// Displacements of vertices in mm. An empty `index` means every vertex in order.
struct Shape {
  std::vector<std::uint32_t> index;
  std::vector<Vec3f> delta;
};

using Triangles = std::vector<std::array<std::uint32_t, 3>>;

/// Faces of one material.
struct MaterialGroup {
  std::string name;
  Triangles triangles;
};

/// Positions in mm with the kit's own origin, x right, y down, z away from the cameras.
struct KitData {
  std::vector<Vec3f> neutral;
  std::vector<MaterialGroup> groups;
  /// Scaled to one standard deviation each, the strongest first.
  std::vector<Shape> identities;
  std::map<std::string, Shape> expressions;
  /// Vertices of the iBUG landmarks, 68 or none.
  std::vector<std::uint32_t> landmarks;
};

/// The kit counts in centimetres; +x is the subject's left (the image's right), +y up, +z out of the face.
inline Vec3f from_kit(float x, float y, float z) { return {x * 10, y * -10, z * -10}; }

/// Materials of the eyeballs' outer shells, which carry the cornea; what lies inside them stays hidden.
inline constexpr std::array<const char*, 2> kEyes = {"M_ScleraLeft", "M_ScleraRight"};

/// None when no face has the material.
const Triangles& triangles_of(const KitData& data, const std::string& material);

/// Throws AssetError when parts are missing or do not fit together.
void check(const KitData& data, const std::filesystem::path& folder);

/// Splits a polygon into a fan and adds it, without corners that coincide.
void add_polygon(MaterialGroup& group, const std::vector<std::uint32_t>& corners);

/// More modes change a face by less than a millimetre.
inline constexpr std::size_t kMaxIdentityModes = 40;

bool is_packed(const std::filesystem::path& folder);
/// Throws AssetError.
KitData read_packed(const std::filesystem::path& folder);
/// Throws AssetError.
KitData read_official(const std::filesystem::path& folder);

}  // namespace nearfar::rig::ict
