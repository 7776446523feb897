// The skin's material: baked map in, spectra out.
#pragma once

#include <memory>

#include "subjects/head/parameters.h"
#include "subjects/mesh.h"
#include "subjects/skin_texture.h"

namespace nearfar::rig::head {

/// Skin with brows, lips and beard, the mouth's inside, and the clothes at the neck.
std::shared_ptr<const Material> skin_material(const Traits& traits, const SkinTexture& texture);

}  // namespace nearfar::rig::head
