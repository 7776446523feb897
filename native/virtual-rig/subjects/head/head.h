// The project's own head, made from numbers alone.
#pragma once

#include <memory>

#include "subjects/head/parameters.h"
#include "subjects/mesh.h"
#include "subjects/skin_texture.h"

namespace nearfar::rig::head {

/// Skin, eyes, lashes, teeth and hair, and the point set "landmarks68". Takes about half a second.
std::shared_ptr<const Object> build_head(const Traits& traits, const Action& action, const SkinTexture& texture);

}  // namespace nearfar::rig::head
