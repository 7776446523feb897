// Triangle meshes and what their surfaces are made of: the form in which targets and subjects
// reach the renderer.
//
// An object's own frame: origin at the centre of what the rig aims at (a board's centre; the midpoint
// between the pupils), x right, y down, z away from the cameras as the upright image shows it, in mm.
// A printed face and a frontal face look towards -z.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "optics/vec.h"
#include "spectra/spectrum.h"

namespace nearfar::rig {

struct Vec3f {
  float x = 0;
  float y = 0;
  float z = 0;
};

/// Where a ray met a surface.
struct SurfacePoint {
  /// In the object's frame, mm.
  Vec3f position;
  /// In the mesh's rest shape, mm: stays on the skin when expression changes. Equals `position` for targets.
  Vec3f rest;
  /// Printed coordinates of targets, mm on the paper from the board's centre; texture coordinates else.
  float u = 0;
  float v = 0;
};

/// How a surface answers light at one point.
struct Surface {
  /// Lambertian reflectance, 0 to 1.
  Spectrum diffuse;
  /// Radiance that the surface sends out by itself; 1 is what a perfect white gives under the scene's light.
  Spectrum emission;
  /// Strength of the dielectric highlight (1: bare Fresnel at n = 1.45) and its GGX roughness, 0 to 1.
  float specular = 0;
  float roughness = 0.5f;
};

/// Immutable and thread-safe: many rays shade at once.
class Material {
 public:
  virtual ~Material() = default;
  virtual void shade(const SurfacePoint& point, Surface& surface) const = 0;
};

struct Mesh {
  std::vector<Vec3f> positions;
  /// Unit vertex normals out of the surface; empty: flat shading by triangle.
  std::vector<Vec3f> normals;
  /// One for each vertex, or empty when equal to positions.
  std::vector<Vec3f> rest;
  /// One for each vertex, or empty.
  std::vector<std::array<float, 2>> uvs;
  std::vector<std::array<std::uint32_t, 3>> triangles;
  std::shared_ptr<const Material> material;
};

/// A point of a target that a detector can find, or a landmark of a face.
struct NamedPoint {
  /// ChArUco and chessboard corner number, row-major from the top left of the upright board;
  /// the iBUG-68 number of a landmark, 0 to 67; the patch number of a chart, 0 to 23.
  int id = 0;
  Vec3 position;
};

/// Points of one board of an object (the depth phantom has three) or of a face.
struct PointSet {
  /// The id of the board's definition, "landmarks68", or "patches".
  std::string name;
  std::vector<NamedPoint> points;
};

/// Something that can stand before the rig.
struct Object {
  std::vector<Mesh> meshes;
  std::vector<PointSet> point_sets;
};

}  // namespace nearfar::rig
