#include "render/studio.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "render/vec3f.h"

namespace nearfar::rig {
namespace {

constexpr double kKeyShare = 0.60, kFillShare = 0.22, kSurroundShare = 0.18;
/// Points of the quadrature along each side of a box.
constexpr int kSteps = 4;

SoftBox box_towards(const Vec3& centre, const Vec3& aim, double width_mm, double height_mm) {
  const Vec3 facing = normalized(aim - centre);
  const Vec3 side_a = normalized(cross(facing, {0, 1, 0}));
  return {narrow(centre), narrow(side_a), narrow(cross(facing, side_a)), narrow(facing),
          static_cast<float>(width_mm / 2), static_cast<float>(height_mm / 2), 1};
}

}  // namespace

float unshadowed_irradiance(const SoftBox& box, const Vec3f& point, const Vec3f& normal) {
  float sum = 0;
  for (int i = 0; i < kSteps; ++i) {
    for (int j = 0; j < kSteps; ++j) {
      const float a = static_cast<float>(2 * i + 1) / kSteps - 1, b = static_cast<float>(2 * j + 1) / kSteps - 1;
      const Vec3f at = box.centre + box.side_a * (a * box.half_a_mm) + box.side_b * (b * box.half_b_mm) - point;
      const float square = dot(at, at);
      sum += std::max(0.0F, dot(at, normal)) * std::max(0.0F, -dot(at, box.facing)) / (square * square);
    }
  }
  const float area = 4 * box.half_a_mm * box.half_b_mm;
  return box.radiance * area * sum / (kSteps * kSteps * std::numbers::pi_v<float>);
}

Studio Studio::before(double eye_plane_mm) {
  const Vec3 centre{0, 0, eye_plane_mm};
  const Vec3f facing_cameras{0, 0, -1};
  Studio studio;
  studio.boxes[0] = box_towards(centre + Vec3{-850, -750, -950}, centre, 800, 800);
  studio.boxes[1] = box_towards(centre + Vec3{1000, -50, -950}, centre, 700, 1000);
  const double shares[] = {kKeyShare, kFillShare};
  for (std::size_t i = 0; i < 2; ++i)
    studio.boxes[i].radiance =
        static_cast<float>(shares[i] / unshadowed_irradiance(studio.boxes[i], narrow(centre), facing_cameras));
  studio.surround_axis = unit(Vec3f{0, -1, -0.6F});
  // The cosine-weighted mean of a radiance 1 + k·direction over a hemisphere is 1 + 2/3 k·normal.
  studio.surround = static_cast<float>(kSurroundShare) /
                    (1 + 0.6F * 2 / 3 * dot(studio.surround_axis, facing_cameras));
  return studio;
}

Studio Studio::moved(const Rigid& T_frame_rig) const {
  Studio result = *this;
  for (SoftBox& box : result.boxes) {
    box.centre = narrow(T_frame_rig * wide(box.centre));
    box.side_a = narrow(T_frame_rig.rotation * wide(box.side_a));
    box.side_b = narrow(T_frame_rig.rotation * wide(box.side_b));
    box.facing = narrow(T_frame_rig.rotation * wide(box.facing));
  }
  result.surround_axis = narrow(T_frame_rig.rotation * wide(surround_axis));
  return result;
}

}  // namespace nearfar::rig
