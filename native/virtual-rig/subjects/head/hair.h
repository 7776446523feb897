// Hair as a shell grown on the scalp.
#pragma once

#include <optional>

#include "subjects/head/shape.h"

namespace nearfar::rig::head {

/// Nothing for a bald head.
std::optional<Mesh> hair_mesh(const Shape& shape);

}  // namespace nearfar::rig::head
