#include "optics/distortion.h"

#include <cmath>

namespace nearfar::rig {
namespace {

constexpr int kMaxSteps = 20;
constexpr double kTolerance = 1e-12;

/// Value and derivative of the model at one place.
struct Local {
  Vec2 seen;
  double xx, xy, yx, yy;
};

Local local_model(const Distortion& model, Vec2 p) {
  const auto& [k1, k2, p1, p2, k3] = model.brown;
  const double x = p.x, y = p.y, r2 = x * x + y * y;
  const double radial = 1 + r2 * (k1 + r2 * (k2 + r2 * (k3 + r2 * model.k4)));
  const double slope = k1 + r2 * (2 * k2 + r2 * (3 * k3 + r2 * 4 * model.k4));
  const double prism_x = 2 * (model.prism_r2.x + 2 * r2 * model.prism_r4.x);
  const double prism_y = 2 * (model.prism_r2.y + 2 * r2 * model.prism_r4.y);
  const double cross = 2 * (x * y * slope + p1 * x + p2 * y);
  return {{x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x) + r2 * (model.prism_r2.x + r2 * model.prism_r4.x),
           y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y + r2 * (model.prism_r2.y + r2 * model.prism_r4.y)},
          radial + 2 * x * x * slope + 2 * p1 * y + 6 * p2 * x + x * prism_x,
          cross + y * prism_x,
          cross + x * prism_y,
          radial + 2 * y * y * slope + 6 * p1 * y + 2 * p2 * x + y * prism_y};
}

}  // namespace

Vec2 Distortion::distort(Vec2 ideal) const { return local_model(*this, ideal).seen; }

std::optional<Vec2> Distortion::undistort(Vec2 seen) const {
  const Vec2 twice = local_model(*this, seen).seen;
  Vec2 p{2 * seen.x - twice.x, 2 * seen.y - twice.y};
  for (int step = 0; step < kMaxSteps; ++step) {
    const Local at = local_model(*this, p);
    const double ex = seen.x - at.seen.x, ey = seen.y - at.seen.y;
    const double determinant = at.xx * at.yy - at.xy * at.yx;
    if (!(determinant > 1e-6)) return std::nullopt;
    const double dx = (at.yy * ex - at.xy * ey) / determinant, dy = (at.xx * ey - at.yx * ex) / determinant;
    p = {p.x + dx, p.y + dy};
    // Newton's error after a step is about the square of the step.
    if (dx * dx + dy * dy < kTolerance) return p;
  }
  return std::nullopt;
}

}  // namespace nearfar::rig
