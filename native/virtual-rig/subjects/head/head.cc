#include "subjects/head/head.h"

#include "subjects/head/eyes.h"
#include "subjects/head/hair.h"
#include "subjects/head/landmarks.h"
#include "subjects/head/polygonize.h"
#include "subjects/head/skin.h"
#include "subjects/head/teeth.h"

namespace nearfar::rig::head {
namespace {

/// Fine where the face is, coarse at the back and below.
Grid skin_grid() {
  return {mirrored_lines({{62, 1.5f}, {100, 2.4f}, {235, 9}}),
          grid_lines(-128, {{-44, 5}, {-30, 2}, {120, 1.45f}, {250, 7}}),
          grid_lines(-48, {{18, 1.45f}, {112, 2.8f}, {230, 7}})};
}

/// From the grid's chords onto the surface itself.
Vec3f settled(const Shape& shape, const Vec3f& p, Vec3f& normal) {
  normal = shape.normal(p);
  const float f = std::clamp(shape.distance(p), -0.5f, 0.5f);
  return p - normal * (0.7f * f);
}

Mesh skin_mesh(const Shape& shape, const SkinTexture& texture) {
  Mesh mesh = polygonize([&](const Vec3f& p) { return shape.distance(p); }, skin_grid(), 2.2f);
  mesh.normals.resize(mesh.positions.size());
  for (std::size_t i = 0; i < mesh.positions.size(); ++i) {
    mesh.positions[i] = settled(shape, mesh.positions[i], mesh.normals[i]);
    mesh.rest.push_back(shape.rest(mesh.positions[i]));
  }
  mesh.material = skin_material(shape.traits(), texture);
  return mesh;
}

}  // namespace

std::shared_ptr<const Object> build_head(const Traits& traits, const Action& action, const SkinTexture& texture) {
  const Shape shape(traits, action);
  auto object = std::make_shared<Object>();
  object->meshes.push_back(skin_mesh(shape, texture));
  for (Mesh& mesh : eye_meshes(shape)) object->meshes.push_back(std::move(mesh));
  for (Mesh& mesh : teeth_meshes(shape)) object->meshes.push_back(std::move(mesh));
  if (std::optional<Mesh> hair = hair_mesh(shape)) object->meshes.push_back(std::move(*hair));
  object->point_sets.push_back(landmarks68(shape));
  return object;
}

}  // namespace nearfar::rig::head
