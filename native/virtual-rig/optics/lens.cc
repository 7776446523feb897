#include "optics/lens.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

namespace nearfar::rig {
namespace {

constexpr double kWalkFocal_mm = 28;

Distortion distortion_of(const CameraOptics& camera, const LensFlaws& flaws, double focal_px, double corner_radius_px) {
  const double corner = corner_radius_px / focal_px;
  const double r2 = 1 / (focal_px * corner * corner), r4 = r2 / (corner * corner);
  return {camera.distortion,
          flaws.radial_px / focal_px / std::pow(corner, 9),
          {flaws.prism_r2_px.x * r2, flaws.prism_r2_px.y * r2},
          {flaws.prism_r4_px.x * r4, flaws.prism_r4_px.y * r4}};
}

/// Of the thin lens (1/f = 1/image + 1/object) that has the setting's focal length as image distance at the eye plane.
double image_distance_mm(const Lens::Setting& setting) {
  const double thin_mm = 1 / (1 / setting.focal_mm + 1 / setting.eye_plane_mm);
  if (!(setting.focus_mm > thin_mm)) throw std::invalid_argument("a lens cannot focus nearer than its focal length");
  return 1 / (1 / thin_mm - 1 / setting.focus_mm);
}

}  // namespace

double focal_length_mm(const CameraOptics& camera, double distance_mm) {
  std::vector<ZoomStop> stops = camera.focal_lengths;
  if (stops.empty()) throw std::invalid_argument("a lens needs at least one focal length");
  std::ranges::sort(stops, {}, &ZoomStop::distance_mm);
  if (distance_mm <= stops.front().distance_mm) return stops.front().focal_length_mm;
  for (std::size_t i = 1; i < stops.size(); ++i) {
    const ZoomStop &a = stops[i - 1], &b = stops[i];
    if (distance_mm > b.distance_mm) continue;
    const double share = (distance_mm - a.distance_mm) / (b.distance_mm - a.distance_mm);
    return a.focal_length_mm + share * (b.focal_length_mm - a.focal_length_mm);
  }
  return stops.back().focal_length_mm;
}

Lens::Lens(const CameraOptics& camera, const Setting& setting, int width_px, int height_px,
           const LensFlaws& flaws)
    : focus_mm_(setting.focus_mm),
      focal_px_(image_distance_mm(setting) / (camera.pixel_pitch_um * 1e-3)),
      pupil_radius_mm_(setting.focal_mm / camera.f_number / 2),
      pupil_walk_mm_(flaws.pupil_walk_mm * kWalkFocal_mm / setting.focal_mm),
      corner_radius_px_(std::hypot(width_px, height_px) / 2),
      vignetting_(camera.vignetting),
      principal_point_{(width_px - 1) / 2.0 + camera.principal_point_px.x,
                       (height_px - 1) / 2.0 + camera.principal_point_px.y},
      distortion_(distortion_of(camera, flaws, focal_px_, corner_radius_px_)) {
}

std::optional<Ray> Lens::chief_ray(Vec2 pixel) const {
  const Vec2 seen{(pixel.x - principal_point_.x) / focal_px_, (pixel.y - principal_point_.y) / focal_px_};
  const std::optional<Vec2> ideal = distortion_.undistort(seen);
  if (!ideal) return std::nullopt;
  const Vec3 direction = normalized({ideal->x, ideal->y, 1});
  return Ray{{0, 0, pupil_walk_mm_ * (1 - direction.z)}, direction};
}

Ray Lens::marginal_ray(const Ray& chief, Vec2 lens) const {
  if (lens.x == 0 && lens.y == 0) return chief;
  const Vec3 focused = chief.origin + chief.direction * ((focus_mm_ - chief.origin.z) / chief.direction.z);
  const Vec3 start = chief.origin + Vec3{lens.x * pupil_radius_mm_, lens.y * pupil_radius_mm_, 0};
  return {start, normalized(focused - start)};
}

double Lens::falloff(Vec2 pixel, const Ray& chief) const {
  const double x = pixel.x - principal_point_.x, y = pixel.y - principal_point_.y;
  const double share = (x * x + y * y) / (corner_radius_px_ * corner_radius_px_);
  const double cos2 = chief.direction.z * chief.direction.z;
  return cos2 * cos2 * std::max(0.0, 1 - vignetting_ * share);
}

Vec2 Lens::project(const Vec3& point) const {
  const Vec2 seen = distortion_.distort({point.x / point.z, point.y / point.z});
  return {principal_point_.x + focal_px_ * seen.x, principal_point_.y + focal_px_ * seen.y};
}

}  // namespace nearfar::rig
