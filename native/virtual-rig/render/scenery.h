// Objects ready for the tracer, kept for the worlds that show them again.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "render/recent.h"
#include "render/shape.h"
#include "render/studio.h"
#include "render/vertex_light.h"
#include "subjects/subject.h"
#include "targets/targets.h"
#include "world/world.h"

namespace nearfar::rig {

/// A shape in the light of one world.
struct LitShape {
  std::shared_ptr<const Shape> shape;
  /// Empty in `even` light.
  std::vector<VertexLight> lights;
};

/// Eyelids are shut in this many steps.
inline constexpr int kEyelidLevels = 8;

/// Thread-safe.
class Scenery {
 public:
  /// @param flaws of printed targets.
  Scenery(AssetFolders folders, const PrintFlaws& flaws, double eye_plane_mm);

  /// @param T_rig_object at rest: light falls on the object as it stands there.
  /// @param eyelid_level 0 open to kEyelidLevels shut; of subjects. Throws AssetError.
  std::shared_ptr<const LitShape> lit_shape(const World& world, const Rigid& T_rig_object, int eyelid_level);

  /// In the rig frame.
  const Studio& studio() const { return studio_; }

 private:
  std::shared_ptr<const Object> build(const World& world, int eyelid_level) const;

  AssetFolders folders_;
  PrintFlaws flaws_;
  double eye_plane_mm_;
  Studio studio_;
  EmbreeDevice device_;
  Recent<Shape> shapes_;
  Recent<LitShape> lit_shapes_;
};

}  // namespace nearfar::rig
