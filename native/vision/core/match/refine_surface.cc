#include "refine_surface.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nearfar::vision::match {
namespace {

/// Stiffness of the plate at full size, 1/(mm/px²)² a px²; chosen with the next one on virtual heads at 25 to 137 cm,
/// where thrice or a third of it loses less than a third of the accuracy.
constexpr double stiffness = 6;
/// Curvature where the plate begins to break, mm/px² at full size: a tip of 4 mm radius at 3.4 px/mm.
constexpr double breaking = 0.02;
/// Slope of the rooted signal, as a share of it, that is an outline's, a px.
constexpr float outline_slope = 0.06F;
/// Blur within which the arms' gain may vary, px at full size.
constexpr double gain_blur_px = 40;
/// Blur that parts details from what is broader, px at full size.
constexpr double band_blur_px = 4;
/// Blur within which the misfit of details is taken as even, px at full size.
constexpr double misfit_blur_px = 6;
/// Blur, in px of the level, over which neighbours' equations are joined (Bruhn, IJCV 61(3), 2005).
constexpr double join_blur_px = 1.6;
/// Misfit that is always reckoned with, as a share of the signal.
constexpr double misfit_share = 0.002;
/// Pixels that one independent value stands for: of details, whose noise the resampling has spread, and of what is
/// broader, in units of its blur.
constexpr double detail_pixels = 2;
constexpr double broad_cells = 1.5;
/// Information below this many standard deviations of what noise alone pretends is none.
constexpr float doubt_sigmas = 2;
/// Residuals count less and less beyond this many times their standard deviation, squared.
constexpr float outlier_square = 6;
/// Depth changes by this at most in one step, mm.
constexpr float longest_step_mm = 20;

struct Sample {
  float value;
  float dx;
  float dy;
};

/// Catmull-Rom, with its gradient; false beyond the valid area.
bool sample(const Level& level, double x, double y, Sample& out) {
  const int size = level.signal.size;
  if (!(x >= 1 && y >= 1 && x < size - 2 && y < size - 2)) return false;
  const int left = static_cast<int>(x), top = static_cast<int>(y);
  const float a = static_cast<float>(x - left), b = static_cast<float>(y - top);
  const auto weights = [](float t, float* w, float* d) {
    w[0] = t * (-0.5F + t * (1 - 0.5F * t));
    w[1] = 1 + t * t * (-2.5F + 1.5F * t);
    w[2] = t * (0.5F + t * (2 - 1.5F * t));
    w[3] = t * t * (-0.5F + 0.5F * t);
    d[0] = -0.5F + t * (2 - 1.5F * t);
    d[1] = t * (-5 + 4.5F * t);
    d[2] = 0.5F + t * (4 - 4.5F * t);
    d[3] = t * (-1 + 1.5F * t);
  };
  float wx[4], gx[4], wy[4], gy[4];
  weights(a, wx, gx);
  weights(b, wy, gy);
  out = {0, 0, 0};
  for (int j = 0; j < 4; j++) {
    const float* row = level.signal.row(top - 1 + j) + left - 1;
    const float* valid = level.weight.row(top - 1 + j) + left - 1;
    if (valid[0] < 1 || valid[1] < 1 || valid[2] < 1 || valid[3] < 1) return false;
    const float along = wx[0] * row[0] + wx[1] * row[1] + wx[2] * row[2] + wx[3] * row[3];
    const float slope = gx[0] * row[0] + gx[1] * row[1] + gx[2] * row[2] + gx[3] * row[3];
    out.value += wy[j] * along;
    out.dx += wy[j] * slope;
    out.dy += gy[j] * along;
  }
  return true;
}

/// One linearisation of the images' difference in depth.
struct Equations {
  Plane use;       ///< 1 where both images have the place
  Plane residual;  ///< other - gain · own
  Plane own_slope;  ///< of the signal with depth, by own's gradients
  Plane other_slope;
  explicit Equations(int size) : use(size), residual(size), own_slope(size), other_slope(size) {}
};

/// field less `shape` times its local share in the field: what a locally free gain leaves of it.
void project_out(const Plane& shape, const Plane& use, const Plane& shape_square, double blur_px, Plane& field) {
  Plane share(field.size);
  for (std::size_t i = 0; i < field.values.size(); i++) {
    share.values[i] = use.values[i] * shape.values[i] * field.values[i];
  }
  blur(share, blur_px);
  for (std::size_t i = 0; i < field.values.size(); i++) {
    if (use.values[i] == 0) continue;
    field.values[i] -= shape.values[i] * share.values[i] / std::max(1e-12F, shape_square.values[i]);
  }
}

Equations equations_of(const Level& own, const Level& other, const Mapper& mapper, const Plane& depth,
                       double gain_blur) {
  const int size = depth.size;
  Equations e(size);
  for (int y = 1; y + 1 < size; y++) {
    for (int x = 1; x + 1 < size; x++) {
      if (own.weight.at(x, y) < 1 || own.weight.at(x - 1, y) < 1 || own.weight.at(x + 1, y) < 1 ||
          own.weight.at(x, y - 1) < 1 || own.weight.at(x, y + 1) < 1) {
        continue;
      }
      const float h = depth.at(x, y);
      const Place place = mapper(x, y, h);
      Sample there;
      if (!sample(other, place.x, place.y, there)) continue;
      const double scale = mapper.own() == Arm::near ? 1 / mapper.ratio(h) : mapper.ratio(h);
      const float dx = static_cast<float>(place.dx), dy = static_cast<float>(place.dy);
      const float own_dx = 0.5F * (own.signal.at(x + 1, y) - own.signal.at(x - 1, y));
      const float own_dy = 0.5F * (own.signal.at(x, y + 1) - own.signal.at(x, y - 1));
      e.use.at(x, y) = 1;
      e.residual.at(x, y) = there.value;
      e.other_slope.at(x, y) = there.dx * dx + there.dy * dy;
      e.own_slope.at(x, y) = static_cast<float>(scale) * (own_dx * dx + own_dy * dy);
    }
  }
  Plane square(size);
  for (std::size_t i = 0; i < square.values.size(); i++) {
    square.values[i] = e.use.values[i] * own.signal.values[i] * own.signal.values[i];
  }
  Plane gain(size);
  for (std::size_t i = 0; i < gain.values.size(); i++) {
    gain.values[i] = e.use.values[i] * own.signal.values[i] * e.residual.values[i];
  }
  blur(square, gain_blur);
  blur(gain, gain_blur);
  for (std::size_t i = 0; i < gain.values.size(); i++) {
    if (e.use.values[i] == 0) continue;
    const float g = gain.values[i] / std::max(1e-12F, square.values[i]);
    e.residual.values[i] -= g * own.signal.values[i];
    e.own_slope.values[i] *= g;
  }
  project_out(own.signal, e.use, square, gain_blur, e.own_slope);
  project_out(own.signal, e.use, square, gain_blur, e.other_slope);
  return e;
}

/// Blurs where it is known alone.
Plane blurred_within(const Plane& field, const Plane& use, const Plane& spread, double blur_px) {
  Plane out = field;
  for (std::size_t i = 0; i < out.values.size(); i++) out.values[i] *= use.values[i];
  blur(out, blur_px);
  for (std::size_t i = 0; i < out.values.size(); i++) {
    out.values[i] = use.values[i] > 0 ? out.values[i] / std::max(1e-6F, spread.values[i]) : 0;
  }
  return out;
}

/// The equations of details, and those of what is left when details are blurred away: what disturbs them differs.
std::array<Equations, 2> bands_of(const Equations& e, double blur_px) {
  std::array<Equations, 2> bands{e, e};
  Plane spread = e.use;
  blur(spread, blur_px);
  for (const auto member : {&Equations::residual, &Equations::own_slope, &Equations::other_slope}) {
    bands[1].*member = blurred_within(e.*member, e.use, spread, blur_px);
    for (std::size_t i = 0; i < spread.values.size(); i++) {
      (bands[0].*member).values[i] -= (bands[1].*member).values[i];
    }
  }
  return bands;
}

/// Variance of the residual around each pixel, at least `floor` and a share of the signal.
Plane variance_of(const Equations& e, const Level& own, double floor, double share, double blur_px) {
  const int size = e.use.size;
  Plane variance(size), use = e.use;
  for (std::size_t i = 0; i < variance.values.size(); i++) {
    variance.values[i] = e.use.values[i] * e.residual.values[i] * e.residual.values[i];
  }
  blur(variance, blur_px);
  blur(use, blur_px);
  for (std::size_t i = 0; i < variance.values.size(); i++) {
    const float s = own.signal.values[i] * static_cast<float>(share);
    const float local = use.values[i] > 1e-6F ? variance.values[i] / use.values[i] : 0;
    variance.values[i] = std::max(local, static_cast<float>(floor) + s * s);
  }
  return variance;
}

/// Adds one band's equations: λ, and λ times the step in depth.
/// @param independence how many pixels one independent residual stands for
void add_band(const Equations& e, const Plane& variance, double independence, double slope_noise, const Mapper& mapper,
              const Plane& depth, double join_px, const Plane* trust, Plane& information, Plane& step) {
  const int size = depth.size;
  Plane known(size), rise(size), noise(size);
  for (int y = 0; y < size; y++) {
    for (int x = 0; x < size; x++) {
      if (e.use.at(x, y) == 0 || (trust && trust->at(x, y) == 0)) continue;
      const float r = e.residual.at(x, y), v = variance.at(x, y);
      const float bent = 1 / (1 + r * r / (outlier_square * v));
      const float weight = bent * bent / (v * static_cast<float>(independence));
      const float a = e.own_slope.at(x, y), b = e.other_slope.at(x, y);
      known.at(x, y) = weight * a * b;
      rise.at(x, y) = -weight * 0.5F * (a + b) * r;
      const Place place = mapper(x, y, depth.at(x, y));
      noise.at(x, y) = weight * static_cast<float>(slope_noise * (place.dx * place.dx + place.dy * place.dy));
    }
  }
  blur_exactly(known, join_px);
  blur_exactly(rise, join_px);
  blur_exactly(noise, join_px);
  // Products of both arms' gradients are free of bias; what noise alone makes of them is not taken for texture.
  const float doubt = doubt_sigmas / std::sqrt(static_cast<float>(4 * 3.14159265 * join_px * join_px / independence) + 1);
  for (std::size_t i = 0; i < known.values.size(); i++) {
    const float sure = known.values[i] - doubt * noise.values[i];
    if (!(sure > 0)) continue;
    information.values[i] += sure;
    step.values[i] += sure * std::clamp(rise.values[i] / known.values[i], -longest_step_mm, longest_step_mm);
  }
}

void pose_data(const Equations& e, const Level& own, const Level& other, const Mapper& mapper, const Plane& depth,
               double shrink, const Plane* trust, PlateProblem& problem) {
  const int size = depth.size;
  const double band_px = std::max(1.5, band_blur_px * shrink), misfit_px = std::max(1.5, misfit_blur_px * shrink);
  const double floor = own.noise * own.noise + other.noise * other.noise;
  const double cells = 4 * 3.14159265 * band_px * band_px;
  const std::array<Equations, 2> bands = bands_of(e, band_px);
  const Plane fine = variance_of(bands[0], own, floor, misfit_share, misfit_px);
  const Plane broad = variance_of(bands[1], own, floor / cells, misfit_share, 3 * band_px);
  Plane information(size), step(size);
  // Variance of a derivative of white noise behind a Gaussian blur: σ² / (8 π s⁴).
  const double broad_slope_noise = own.noise * own.noise / (8 * 3.14159265 * std::pow(band_px, 4));
  add_band(bands[0], fine, detail_pixels, own.noise * own.noise * 0.5, mapper, depth, join_blur_px, trust, information, step);
  add_band(bands[1], broad, broad_cells * cells, broad_slope_noise, mapper, depth, join_blur_px, trust, information, step);
  for (std::size_t i = 0; i < information.values.size(); i++) {
    const float lambda = information.values[i] + static_cast<float>(ground_information);
    problem.information.values[i] = lambda;
    problem.pull.values[i] = lambda * depth.values[i] + step.values[i];
  }
}

}  // namespace

float contrast_at(const Plane& signal, int x, int y) {
  const int left = std::max(x - 1, 0), right = std::min(x + 1, signal.size - 1);
  const int above = std::max(y - 1, 0), below = std::min(y + 1, signal.size - 1);
  const float across = signal.at(right, y) - signal.at(left, y), down = signal.at(x, below) - signal.at(x, above);
  const float limit = 2 * outline_slope * signal.at(x, y);
  return (across * across + down * down) / (limit * limit + 1e-9F);
}

void pose_plate(const Plane& depth, const Level& own, int level, PlateProblem& problem) {
  Plane bend, twist;
  curvature_of(depth, bend, twist);
  const int size = depth.size;
  const double grow = std::pow(4.0, level);
  const float beta = static_cast<float>(stiffness / grow);
  const float limit = static_cast<float>(breaking * breaking * grow * grow);
  for (int y = 0; y < size; y++) {
    for (int x = 0; x < size; x++) {
      if (own.weight.at(x, y) < 0.5F) {
        problem.bend.at(x, y) = problem.twist.at(x, y) = 0;
        continue;
      }
      const float contrast = contrast_at(own.signal, x, y);
      const float whole = 1 / (1 + contrast * contrast);
      problem.bend.at(x, y) = beta * whole / (1 + bend.at(x, y) / limit);
      problem.twist.at(x, y) = beta * whole / (1 + twist.at(x, y) / limit);
    }
  }
}

Refined refine(const Level& own, const Level& other, const Mapper& mapper, Plane start, double from_mm, double to_mm,
               const RefineOptions& options, const CancelFlag& flag) {
  const int size = own.signal.size;
  const double shrink = std::pow(0.5, options.level);
  Refined refined(size);
  refined.depth = std::move(start);
  for (int warp = 0; warp < options.warps; warp++) {
    flag.check();
    const Equations e = equations_of(own, other, mapper, refined.depth, gain_blur_px * shrink);
    pose_data(e, own, other, mapper, refined.depth, shrink, options.trust, refined.problem);
    pose_plate(refined.depth, own, options.level, refined.problem);
    relax(refined.problem, options.solver_steps, refined.depth, flag);
    for (float& h : refined.depth.values) {
      h = std::clamp(h, static_cast<float>(from_mm), static_cast<float>(to_mm));
    }
  }
  return refined;
}

}  // namespace nearfar::vision::match
