#include "render/scenery.h"

#include <cstring>

namespace nearfar::rig {
namespace {

/// Every level of one person's eyelids and a few objects more.
constexpr std::size_t kKept = kEyelidLevels + 8;
/// Nearest stop of the rail.
constexpr double kNearestMm = 230;

std::string shape_key(const World& world, int eyelid_level) {
  if (world.kind == SceneKind::target) return "target " + world.target;
  const SubjectSpec& subject = world.subject;
  return "subject " + subject.source + " " + std::to_string(subject.identity) + " " + subject.expression + " " +
         std::to_string(subject.skin_contrast) + " " + std::to_string(eyelid_level);
}

/// The exact bits, so that a pose a hair away is another one.
std::string bits_of(const Rigid& pose) {
  std::string bits(sizeof pose, '\0');
  std::memcpy(bits.data(), &pose, sizeof pose);
  return bits;
}

}  // namespace

Scenery::Scenery(AssetFolders folders, const PrintFlaws& flaws, double eye_plane_mm)
    : folders_(std::move(folders)),
      flaws_(flaws),
      eye_plane_mm_(eye_plane_mm),
      studio_(Studio::before(eye_plane_mm)),
      device_(new_embree_device()),
      shapes_(kKept),
      lit_shapes_(kKept) {}

std::shared_ptr<const Object> Scenery::build(const World& world, int eyelid_level) const {
  if (world.kind == SceneKind::target) return build_target(world.target, flaws_, folders_);
  return build_subject(world.subject, static_cast<double>(eyelid_level) / kEyelidLevels, folders_);
}

std::shared_ptr<const LitShape> Scenery::lit_shape(const World& world, const Rigid& T_rig_object, int eyelid_level) {
  const std::string key = shape_key(world, eyelid_level);
  const bool studio = world.light.kind == LightSpec::Kind::studio;
  return lit_shapes_.get(studio ? key + " studio " + bits_of(T_rig_object) : key, [&] {
    auto lit = std::make_shared<LitShape>();
    lit->shape = shapes_.get(
        key, [&] { return std::make_shared<const Shape>(build(world, eyelid_level), device_.get()); });
    if (!studio) return lit;
    const Rigid T_object_rig = T_rig_object.inverse();
    // From its nearest stop a camera sees least, from the far one most of an object's sides.
    const std::vector<Vec3> cameras{T_object_rig * Vec3{0, 0, 0},
                                    T_object_rig * Vec3{0, 0, eye_plane_mm_ - kNearestMm}};
    lit->lights = light_vertices(*lit->shape, studio_.moved(T_object_rig), cameras);
    return lit;
  });
}

}  // namespace nearfar::rig
