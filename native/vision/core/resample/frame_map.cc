#include "frame_map.h"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "simd.h"

namespace nearfar::vision::resample {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

/// The radius, squared, up to which x (1 + k1 r² + k2 r⁴ + k3 r⁶) grows with r; a view of 160° is looked at.
double fold_of(const std::array<double, 9>& intrinsics) {
  constexpr double greatest = 32;
  constexpr int steps = 1 << 12;
  const double k1 = intrinsics[4], k2 = intrinsics[5], k3 = intrinsics[8];
  for (int i = 1; i <= steps; ++i) {
    const double r2 = greatest * i / steps;
    if (1 + r2 * (3 * k1 + r2 * (5 * k2 + r2 * 7 * k3)) <= 0) return greatest * (i - 1) / steps;
  }
  return greatest;
}

}  // namespace

FrameMap::FrameMap(const Request& request) {
  if (const auto* camera = std::get_if<CameraMap>(&request.map)) {
    projective_ = camera->ray_of_pixel;
    has_lens_ = true;
    intrinsics_ = camera->intrinsics;
    greatest_radius_squared_ = fold_of(intrinsics_);
  } else {
    projective_ = std::get<HomographyMap>(request.map).homography;
    // Its sign means nothing; it is taken such that the middle lies before the camera.
    const double w = projective_[6] * (request.width_px - 1) / 2 + projective_[7] * (request.height_px - 1) / 2 +
                     projective_[8];
    if (w < 0) {
      for (double& number : projective_) number = -number;
    }
  }
  const Source& source = request.source;
  const double right = source.width_px - 1;
  const double bottom = source.height_px - 1;
  // Un-mirrored pixel of the upright one, for the clockwise turn that makes the frame upright.
  switch (source.mount.rotation_deg) {
    case 90: stored_x_ = {0, 1, 0}, stored_y_ = {-1, 0, bottom}; break;
    case 180: stored_x_ = {-1, 0, right}, stored_y_ = {0, -1, bottom}; break;
    case 270: stored_x_ = {0, -1, right}, stored_y_ = {1, 0, 0}; break;
    default: stored_x_ = {1, 0, 0}, stored_y_ = {0, 1, 0}; break;
  }
  if (source.mount.mirrored) stored_x_ = {-stored_x_[0], -stored_x_[1], right - stored_x_[2]};
  const bool turned = source.mount.rotation_deg % 180 != 0;
  upright_width_px_ = turned ? source.height_px : source.width_px;
  upright_height_px_ = turned ? source.width_px : source.height_px;
  if (!std::isfinite(upright((request.width_px - 1) / 2.0, (request.height_px - 1) / 2.0).x)) {
    throw std::invalid_argument("the map shows nothing in the middle of the image");
  }
}

/// Without branches, so that rows are computed several pixels at a time.
template <bool lens>
[[gnu::always_inline]] inline Place FrameMap::place(double u, double v) const {
  const auto& m = projective_;
  const double w = m[6] * u + m[7] * v + m[8];
  const double x = (m[0] * u + m[1] * v + m[2]) / w;
  const double y = (m[3] * u + m[4] * v + m[5]) / w;
  const double before = w > 0 ? 0 : nothing;
  if constexpr (!lens) return {x + before, y + before};
  const auto& [fx, fy, cx, cy, k1, k2, p1, p2, k3] = intrinsics_;
  const double r2 = x * x + y * y;
  const double shown = r2 <= greatest_radius_squared_ ? before : nothing;
  const double radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3));
  return {fx * (x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x)) + cx + shown,
          fy * (y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y) + cy + shown};
}

template <bool lens>
[[gnu::always_inline]] inline void FrameMap::place_row(int u, int v, int count, double* __restrict x,
                                                       double* __restrict y) const {
  for (int i = 0; i < count; ++i) {
    const Place at = place<lens>(u + i, v);
    x[i] = at.x;
    y[i] = at.y;
  }
}

Place FrameMap::upright(double u, double v) const { return has_lens_ ? place<true>(u, v) : place<false>(u, v); }

NEARFAR_WIDE_CLONES
void FrameMap::upright_row(int u, int v, int count, double* x, double* y) const {
  // A copy, which nothing that is written can change.
  const FrameMap map = *this;
  if (has_lens_) {
    map.place_row<true>(u, v, count, x, y);
  } else {
    map.place_row<false>(u, v, count, x, y);
  }
}

Jacobian FrameMap::jacobian(double u, double v) const {
  // Central differences: the map is smooth over a pixel, and the scale is needed to a percent.
  constexpr double step = 0.5;
  const Place left = stored(upright(u - step, v)), right = stored(upright(u + step, v));
  const Place above = stored(upright(u, v - step)), below = stored(upright(u, v + step));
  return {right.x - left.x, below.x - above.x, right.y - left.y, below.y - above.y};
}

}  // namespace nearfar::vision::resample
