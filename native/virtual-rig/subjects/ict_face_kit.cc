#include "subjects/ict_face_kit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "base/asset_error.h"
#include "cameras/scene/random.h"
#include "subjects/head/implicit.h"
#include "subjects/head/parameters.h"
#include "subjects/ict/expressions.h"
#include "subjects/ict/kit_data.h"
#include "subjects/ict/paint.h"

namespace nearfar::rig {

namespace {

using namespace ict;
using head::operator+;
using head::operator-;
using head::operator*;

using Positions = std::vector<Vec3f>;

/// The vertex of an eyeball nearest to the cameras on the mean face: the corneal apex.
std::uint32_t apex_vertex(const KitData& data, const char* eye) {
  std::optional<std::uint32_t> apex;
  for (const auto& triangle : triangles_of(data, eye)) {
    for (const std::uint32_t v : triangle) {
      if (!apex || data.neutral[v].z < data.neutral[*apex].z) apex = v;
    }
  }
  return apex.value();
}

Vec3f between_pupils(const KitData& data, const Positions& positions) {
  return (positions[apex_vertex(data, kEyes[0])] + positions[apex_vertex(data, kEyes[1])]) * 0.5f;
}

void move(Positions& positions, const Vec3f& by) {
  for (Vec3f& p : positions) p = p + by;
}

void add_shape(Positions& positions, const ict::Shape& shape, float weight) {
  for (std::size_t i = 0; i < shape.delta.size(); ++i) {
    Vec3f& p = positions[shape.index.empty() ? i : shape.index[i]];
    p = p + shape.delta[i] * weight;
  }
}

/// The kit's modes are normal; four fifths of their spread, cut at two sigma, leaves out the caricatures.
void add_identity(Positions& positions, const KitData& data, std::uint64_t identity) {
  constexpr double kSpread = 0.8;
  Random random(mix_seed({identity, 0x696374}));
  for (const ict::Shape& mode : data.identities) {
    add_shape(positions, mode, static_cast<float>(kSpread * std::clamp(random.gaussian(), -2.0, 2.0)));
  }
}

void add_expression(Positions& positions, const KitData& data, const std::vector<Weight>& weights) {
  for (const Weight& weight : weights) {
    const auto shape = data.expressions.find(weight.shape);
    if (shape == data.expressions.end()) {
      throw AssetError("ICT-FaceKit: the folder lacks the shape \"" + weight.shape +
                       "\" of this expression; choose another or use the whole kit");
    }
    add_shape(positions, shape->second, weight.value);
  }
}

/// Unit normals out of the surface, each the mean of its faces by their area.
Positions vertex_normals(const Positions& positions, const KitData& data) {
  Positions normals(positions.size());
  for (const MaterialGroup& group : data.groups) {
    for (const auto& [a, b, c] : group.triangles) {
      const Vec3f n = head::cross(positions[b] - positions[a], positions[c] - positions[a]);
      for (const std::uint32_t v : {a, b, c}) normals[v] = normals[v] + n;
    }
  }
  for (Vec3f& n : normals) n = head::normalized(n);
  return normals;
}

/// One head as it is put together.
struct Sculpture {
  Positions positions, normals, rest;
};

/// Takes the vertices that some triangles use out of the whole.
Mesh cut_out(const Sculpture& whole, const Triangles& triangles, std::shared_ptr<const Material> material) {
  constexpr std::uint32_t kUnused = 0xFFFFFFFF;
  Mesh mesh;
  mesh.material = std::move(material);
  std::vector<std::uint32_t> number(whole.positions.size(), kUnused);
  for (const auto& triangle : triangles) {
    std::array<std::uint32_t, 3> renumbered{};
    for (std::size_t i = 0; i < 3; ++i) {
      std::uint32_t& n = number[triangle[i]];
      if (n == kUnused) {
        n = static_cast<std::uint32_t>(mesh.positions.size());
        mesh.positions.push_back(whole.positions[triangle[i]]);
        mesh.normals.push_back(whole.normals[triangle[i]]);
        mesh.rest.push_back(whole.rest[triangle[i]]);
      }
      renumbered[i] = n;
    }
    mesh.triangles.push_back(renumbered);
  }
  return mesh;
}

/// The kit's "back head" holds neck and skull and, inside them, mouth and eye sockets.
bool inside_the_head(const Vec3f& rest) {
  return std::abs(rest.x) < 50 && rest.y > -20 && rest.y < 97 && rest.z < 90;
}

struct Outside {
  Triangles skin, cavities;
};

Outside part_skin_from_cavities(const KitData& data, const Positions& rest) {
  Outside parts{triangles_of(data, "M_Face"), {}};
  for (const auto& triangle : triangles_of(data, "M_BackHead")) {
    const bool inside = std::all_of(triangle.begin(), triangle.end(), [&](auto v) { return inside_the_head(rest[v]); });
    (inside ? parts.cavities : parts.skin).push_back(triangle);
  }
  return parts;
}

/// Cropped hair stands off the scalp.
void grow_hair(Sculpture& whole, const Triangles& skin) {
  constexpr float kLengthMm = 7;
  std::vector<bool> grown(whole.positions.size());
  for (const auto& triangle : skin) {
    for (const std::uint32_t v : triangle) {
      if (grown[v]) continue;
      grown[v] = true;
      whole.positions[v] = whole.positions[v] + whole.normals[v] * (kLengthMm * hair_share(whole.rest[v]));
    }
  }
}

PointSet landmarks68(const KitData& data, const Positions& positions) {
  PointSet set{"landmarks68", {}};
  for (std::size_t i = 0; i < data.landmarks.size(); ++i) {
    set.points.push_back({static_cast<int>(i), head::to_double(positions[data.landmarks[i]])});
  }
  return set;
}

}  // namespace

IctFaceKit IctFaceKit::load(const std::filesystem::path& folder) {
  if (folder.empty() || !std::filesystem::is_directory(folder)) {
    throw AssetError("ICT-FaceKit: there is no folder \"" + folder.string() +
                     "\"; get it from github.com/ICT-VGL/ICT-FaceKit and name it in the rig's options");
  }
  auto data = std::make_shared<KitData>(is_packed(folder) ? read_packed(folder) : read_official(folder));
  check(*data, folder);
  return IctFaceKit(std::move(data));
}

std::shared_ptr<const Object> IctFaceKit::build(const SubjectSpec& spec, double eyelid_closure) const {
  const KitData& data = *data_;
  Sculpture whole{data.neutral, {}, data.neutral};
  move(whole.rest, between_pupils(data, whole.rest) * -1);
  add_identity(whole.positions, data, spec.identity);
  move(whole.positions, between_pupils(data, whole.positions) * -1);
  add_expression(whole.positions, data, expression_weights(spec.expression, eyelid_closure));
  whole.normals = vertex_normals(whole.positions, data);

  auto object = std::make_shared<Object>();
  if (!data.landmarks.empty()) object->point_sets.push_back(landmarks68(data, whole.positions));
  const head::Traits traits = head::draw_traits(spec.identity);
  const Outside outside = part_skin_from_cavities(data, whole.rest);
  grow_hair(whole, outside.skin);
  whole.normals = vertex_normals(whole.positions, data);
  const auto add = [&](const Triangles& triangles, std::shared_ptr<const Material> material) {
    if (!triangles.empty()) object->meshes.push_back(cut_out(whole, triangles, std::move(material)));
  };
  add(outside.skin, face_material(traits, SkinTexture(spec.skin_contrast, spec.identity)));
  add(outside.cavities, cavity_material());
  add(triangles_of(data, "M_GumsTongue"), gums_material());
  add(triangles_of(data, "M_Teeth"), teeth_material());
  for (const char* eye : kEyes) {
    add(triangles_of(data, eye), eye_material(traits, whole.rest[apex_vertex(data, eye)]));
  }
  return object;
}

std::shared_ptr<const Object> build_ict_subject(const SubjectSpec& spec, double eyelid_closure,
                                                const std::filesystem::path& folder) {
  return IctFaceKit::load(folder).build(spec, eyelid_closure);
}

}  // namespace nearfar::rig
