#include "subjects/head/features.h"

namespace nearfar::rig::head {

EyeOpening::EyeOpening(const Traits& traits, const Action& action)
    : centre_x_(traits.pupil_distance / 2 + 0.4f),
      half_width_(traits.eye_width / 2),
      up_(traits.eye_open * 0.45f + action.upper_lid_up),
      down_(traits.eye_open * 0.55f - action.lower_lid_up),
      slant_(traits.eye_slant),
      closure_(saturate(action.lid_closure)) {}

float EyeOpening::corner_line(float s) const { return mix(1.6f, -0.6f * slant_, (s + 1) / 2); }

float EyeOpening::upper(float x) const {
  const float s = std::clamp(along(x), -1.0f, 1.0f);
  // Highest a little towards the nose, as lids are.
  const float skewed = s + 0.18f * (1 - s * s);
  const float lid = std::pow(std::max(1 - skewed * skewed, 0.0f), 0.72f);
  const float open = corner_line(s) - (up_ + corner_line(0)) * lid;
  return mix(open, lower(x) - 0.15f, closure_);
}

float EyeOpening::lower(float x) const {
  const float s = std::clamp(along(x), -1.0f, 1.0f);
  const float skewed = s - 0.15f * (1 - s * s);
  const float lid = std::pow(std::max(1 - skewed * skewed, 0.0f), 0.8f);
  const float closed_rise = 1.2f * closure_;
  return corner_line(s) + (down_ - corner_line(0) - closed_rise) * lid;
}

float EyeOpening::distance(float x, float y) const {
  const float s = along(x);
  const float across = std::max(upper(x) - y, y - lower(x));
  if (std::abs(s) <= 1) return across;
  return std::max(across, 0.0f) + (std::abs(s) - 1) * half_width_;
}

float EyeOpening::rest_height(const EyeOpening& rest, float x, float y) const {
  constexpr float kReach = 11;
  if (std::abs(along(x)) > 1.15f) return y;
  const float upper_now = upper(x), upper_then = rest.upper(x), lower_now = lower(x), lower_then = rest.lower(x);
  const float top = std::min(upper_then, upper_now) - kReach, bottom = std::max(lower_then, lower_now) + kReach;
  if (y <= top || y >= bottom) return y;
  const float middle = (upper_now + lower_now) / 2;
  if (y < middle)
    return y < upper_now ? top + (y - top) * (upper_then - top) / (upper_now - top) : upper_then + y - upper_now;
  return y > lower_now ? bottom - (bottom - y) * (bottom - lower_then) / (bottom - lower_now)
                       : lower_then + y - lower_now;
}

float MouthLine::cleft(float x) const {
  const float s = along(x);
  // A slight bow: down in the middle under the upper lip's tubercle, up at the corners.
  return kMouthHeight - 0.2f - 1.0f * bump(s - 0.45f, 0, 0.35f, 1) - 0.9f * smooth_step(0.7f, 1, s);
}

float MouthLine::upper_edge(float x) const {
  const float s = along(x);
  const float height = 7.2f * t_.upper_lip;
  // Cupid's bow: lowest on the midline, highest at a fifth of the half width.
  const float rise = std::pow(std::max(1 - s * s, 0.0f), 0.8f) * (1 + 0.12f * bump(s - 0.24f, 0, 0.16f, 1)) -
                     0.16f * bump(s, 0, 0.12f, 1);
  return cleft(x) - height * std::max(rise, 0.0f);
}

float MouthLine::lower_edge(float x) const {
  const float s = along(x);
  return cleft(x) + 9.0f * t_.lower_lip * std::pow(std::max(1 - s * s, 0.0f), 0.72f);
}

float Brow::height(float x) const {
  const float s = (x - kInner) / (kOuter - kInner);
  // Rises to a peak at two thirds, then falls to the tail.
  const float rise = 5.4f * t.brow_arch * smooth_step(0, 0.62f, s);
  const float fall = 9.0f * smooth_step(0.55f, 1.1f, s);
  return -18.6f - t.brow_height - rise + fall;
}

float Brow::half_thickness(float x) const {
  const float s = (x - kInner) / (kOuter - kInner);
  if (s < -0.03f || s > 1) return 0;
  return 3.9f * t.brow_thickness * smooth_step(-0.05f, 0.1f, s) * (1 - 0.66f * smooth_step(0.35f, 1, s));
}

}  // namespace nearfar::rig::head
