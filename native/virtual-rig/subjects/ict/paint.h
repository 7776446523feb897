// What an ICT-FaceKit head is made of: skin, hair, eyes, teeth, by place on the kit's mean face.
#pragma once

#include <array>
#include <memory>

#include "subjects/head/parameters.h"
#include "subjects/mesh.h"
#include "subjects/skin_texture.h"

namespace nearfar::rig::ict {

// All places are rest positions in mm: the kit's mean face with its pupils' midpoint at the origin, x right,
// y down, z away from the cameras.

/// Share of scalp hair at a place, 0 to 1.
float hair_share(const Vec3f& rest);

/// Skin with lips, brows, lid margins and cropped hair.
std::shared_ptr<const Material> face_material(const head::Traits& traits, const SkinTexture& texture);
/// An eyeball: pupil, iris and white around the corneal apex.
std::shared_ptr<const Material> eye_material(const head::Traits& traits, const Vec3f& apex);
std::shared_ptr<const Material> teeth_material();
std::shared_ptr<const Material> gums_material();
/// Inside of mouth and eye sockets.
std::shared_ptr<const Material> cavity_material();

}  // namespace nearfar::rig::ict
