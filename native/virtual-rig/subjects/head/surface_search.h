// Points on the skin.
#pragma once

#include <optional>

#include "subjects/head/shape.h"

namespace nearfar::rig::head {

/// Where a ray (unit direction) first meets the skin within 150 mm; nothing if it passes by.
std::optional<Vec3f> first_hit(const Shape& shape, const Vec3f& origin, const Vec3f& direction);
/// The skin's point near p, found along the gradient.
Vec3f nearest(const Shape& shape, Vec3f p);

}  // namespace nearfar::rig::head
