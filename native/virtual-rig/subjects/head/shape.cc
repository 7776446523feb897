#include "subjects/head/shape.h"

namespace nearfar::rig::head {
namespace {

/// How deep one sees into the open mouth: z of its end.
constexpr float kMouthFloor = 8;

}  // namespace

Shape::Shape(const Traits& traits, const Action& action)
    : traits_(traits),
      action_(action),
      proportions_(traits),
      loft_(traits),
      eye_(traits, action),
      eye_at_rest_(traits, {}),
      mouth_(traits),
      warp_(traits, action),
      eyeball_{traits.pupil_distance / 2, 0, kEyeballRadius} {}

float Shape::lips(float x, float y) const {
  const float w = mouth_.half_width();
  if (x > w + 6 || y < 46 || y > 92) return 0;
  const float s = std::min(x / w, 1.0f), cleft = mouth_.cleft(x);
  const float top = cleft - mouth_.upper_edge(x) + 0.6f, bottom = mouth_.lower_edge(x) - cleft + 0.6f;
  const float body = std::sqrt(std::max(1 - s * s, 0.0f));
  // Each lip: a roll that leaves the skin at its edge and turns in towards the cleft.
  const float t = y < cleft ? (cleft - y) / top : (y - cleft) / bottom;
  const float roll =
      t < 1 ? std::sqrt(std::max(1 - (t - 0.42f) * (t - 0.42f) / 0.36f, 0.0f)) : 0.22f * bump(t - 1, 0, 0.5f, 1);
  const float thickness = y < cleft ? 4.4f * std::sqrt(traits_.upper_lip) : 4.8f * std::sqrt(traits_.lower_lip);
  const float seam = 2.6f * bump(0, y - cleft, 1, 1.1f) * smooth_step(w + 3, w - 2, x);
  const float corner = 1.4f * bump(x - w - 1, y - cleft, 5, 4);
  return thickness * body * roll - seam - corner;
}

/// Height of the soft forms of the face over the loft, mm.
float Shape::relief(const Vec3f& r) const {
  const float x = r.x, y = r.y, age = traits_.age;
  float h = lips(x, y);
  h += 3.2f * traits_.cheekbone * bump(x - 47, y - 22, 16, 13) +
       (2.0f + traits_.cheek_fill) * bump(x - 36, y - 40, 20, 20);
  h += traits_.cheek_fill * bump(x - 46, y - 66, 16, 20) - 1.6f * bump(x - 50, y - 62, 13, 17);
  h += 2.6f * bump(x, y - 100, 17, 11) - 1.8f * bump(x, y - 86, 20, 5.5f);
  h -= 0.55f * bump(x, y - 54.5f, 2.8f, 6.5f) - 0.35f * bump(x - 5, y - 55, 2.4f, 6.5f);
  h -= (0.3f + 0.9f * age) * bump(x - 22 - 0.5f * (y - 46), y - 54, 3.4f, 12);
  h -= (0.6f + 0.6f * age) * bump(x - 27 - 0.8f * (y - 12), y - 13, 5, 4);
  // Smiling and raised cheeks bunch up beside a deeper fold.
  h += 0.55f * action_.cheek_up * bump(x - 40, y - 34, 15, 13);
  h -= (0.28f * std::max(action_.corner_out, 0.0f)) * bump(x - 22 - 0.42f * (y - 46), y - 56, 2.8f, 13);
  h -= 0.18f * action_.brow_pinch * bump(x - 4.5f, y + 21, 1.6f, 7);
  return h;
}

float Shape::nose(float f, const Vec3f& r) const {
  if (r.x > 34 || r.y < -30 || r.y > 62 || r.z > 20) return f;
  const float len = traits_.nose_length, wide = traits_.nose_width;
  const float base = kNoseBase * len, tip_y = base - 8.5f, tip_z = -23.5f - traits_.nose_tip;
  const float root_z = -6.5f - traits_.nose_bridge;
  const float bridge = rod(r, {0, -6, root_z + 1}, {0, tip_y - 4, tip_z + 3.5f}, 6.2f, 7.4f * mix(1, wide, 0.5f));
  f = smooth_union(f, bridge, 13);
  const float tip = ellipsoid(r, {0, tip_y, tip_z}, {9.2f * mix(1, wide, 0.6f), 8.6f, 9.2f});
  f = smooth_union(f, tip, 6);
  const float ala = ellipsoid(r, {11.0f * wide, base - 5.0f, -15.0f}, {6.0f * mix(1, wide, 0.5f), 6.4f, 8.6f});
  f = smooth_union(f, ala, 4.5f);
  const float columella = rod(r, {0, base - 2.5f, tip_z + 1.5f}, {0, base + 1.5f, -17}, 3.3f, 3.4f);
  f = smooth_union(f, columella, 3);
  // Nostrils open downwards and a little outwards.
  const Vec3f nostril{6.7f * wide, base + 0.6f, -20.5f};
  const Vec3f d = r - nostril;
  const Vec3f turned{d.x * 0.92f + d.z * 0.39f, d.y, d.z * 0.92f - d.x * 0.39f};
  return smooth_cut(f, ellipsoid(turned, {}, {2.9f * wide, 5.2f, 5.6f}), 1.2f);
}

/// Brow ridge, eye socket, lids over the eyeball, and the opening between the lids.
float Shape::lids(float f, const Vec3f& p) const {
  const float x = p.x - eyeball_.x;
  if (std::abs(x) > 34 || std::abs(p.y) > 34 || p.z > 40) return f;
  const float socket = ellipsoid(p, {eyeball_.x + 0.5f, 1.5f, -11.0f}, {20, 12.5f, 11.2f});
  f = smooth_cut(f, socket, 9);
  const float lid_ball = sphere(p, eyeball_, kEyeballRadius + 2.1f);
  f = smooth_union(f, lid_ball, 5.5f);
  // Fold of the upper lid, a few mm over its margin.
  const float ax = std::abs(p.x), s = eye_.along(ax);
  if (s > -1.3f && s < 1.35f) {
    const float clamped = std::clamp(s, -1.0f, 1.0f);
    const float fold_y =
        eye_.upper(eye_.centre_x() + clamped * eye_.half_width()) - 3.4f - 2.0f * action_.lid_closure + 0.9f * clamped;
    f += 1.25f * traits_.lid_fold * bump(0, p.y - fold_y, 1, 1.3f) * smooth_step(-1.25f, -0.5f, s) *
         smooth_step(1.35f, 0.8f, s);
    f -= 0.9f * bump(0, p.y - fold_y + 4.5f, 1, 3.2f) * smooth_step(-1.2f, -0.3f, s) * smooth_step(1.35f, 0.6f, s);
    const float bag_y = eye_.lower(eye_.centre_x() + clamped * eye_.half_width()) + 5.5f;
    f += (0.35f + 0.7f * traits_.age) * bump(0, p.y - bag_y, 1, 1.6f) * smooth_step(-1.2f, -0.6f, s) *
         smooth_step(1.2f, 0.4f, s);
  }
  const float opening = eye_.distance(ax, p.y);
  if (opening > 3 || action_.lid_closure > 0.985f) return f;
  // Down to the ball; at the corners only to the flesh that joins lids and ball.
  const float depth = -(f + mix(2.4f, 6.5f, smooth_step(1, 0.72f, std::abs(s))));
  return smooth_cut(f, std::max(opening, depth), 0.5f);
}

float Shape::ear(const Vec3f& p) const {
  // The ear's own plane: turned out 28° and leaning back 12°.
  const float k = traits_.ear_size;
  const Vec3f root{73.5f, 14, 92};
  Vec3f d = p - root;
  constexpr float kCos = 0.883f, kSin = 0.469f;
  const Vec3f turned{d.x * kCos - d.z * kSin, d.y, d.x * kSin + d.z * kCos};
  constexpr float kLeanCos = 0.978f, kLeanSin = 0.208f;
  const float along = (turned.z * kLeanCos + turned.y * kLeanSin) / k;
  const float up = (turned.y * kLeanCos - turned.z * kLeanSin) / k;
  const float out = turned.x / k;
  const Vec3f e{along - 10, up, out};
  // Narrower towards the lobe.
  const float half = 15.5f * (1 - 0.28f * smooth_step(0, 32, e.y));
  const float rx = e.x / half, ry = e.y / 31.0f;
  const float radius = std::sqrt(rx * rx + ry * ry);
  const float edge = (radius - 1) * 18;
  const float plate = std::max(edge, std::abs(e.z + 1.5f - 2.5f * radius) - 1.6f);
  const float rim = std::sqrt(edge * edge + (e.z - 2) * (e.z - 2)) - 2.5f * (1 - 0.25f * smooth_step(10, 30, e.y));
  const float antihelix = std::sqrt((radius - 0.62f) * (radius - 0.62f) * 240 + (e.z - 1.0f) * (e.z - 1.0f)) - 2.0f;
  const float lobe = ellipsoid(e, {-2.5f, 27, 0.5f}, {7, 8, 3.4f});
  const float tragus = ellipsoid(e, {-12.5f, 5, 2.0f}, {4, 6, 4.5f});
  float f = smooth_union(plate, rim, 2);
  if (e.x > -8) f = smooth_union(f, antihelix, 2.5f);
  f = smooth_union(smooth_union(f, lobe, 3), tragus, 3);
  return f * k * 0.8f;
}

float Shape::neck(const Vec3f& p) const {
  const float w = traits_.neck_width;
  const Vec3f q{p.x / w, p.y, (p.z - 92) * 0.95f + 92};
  float f = rod(q, {0, 70, 88}, {0, 190, 112}, 49, 53);
  const float muscle = rod(q, {50, 44, 106}, {13, 185, 68}, 9, 10);
  f = smooth_union(f, muscle, 12);
  const float trapezius = rod(q, {22, 150, 126}, {190, 246, 122}, 30, 48);
  f = smooth_union(f, trapezius, 30);
  const float chest = ellipsoid(q, {0, 300, 125}, {190, 95, 85});
  return smooth_union(f, chest, 40) * 0.9f;
}

float Shape::scalp_distance(const Vec3f& p) const {
  return loft_.distance(proportions_.to_average({std::abs(p.x), p.y, p.z}));
}

float Shape::distance(const Vec3f& point) const {
  const Vec3f p{std::abs(point.x), point.y, point.z};
  const Vec3f average = proportions_.to_average(p);
  const Warp::Result moved = warp_.to_rest(average);
  const Vec3f& r = moved.rest;
  float f = loft_.distance(r);
  if (f < 60 && r.z < 60 && r.y < 125) {
    f -= relief(r) * smooth_step(60, 25, r.z);
    const float ridge = rod(r, {7, -17.5f, -5.5f}, {46, -19, 12}, 8.0f, 8.5f);
    f = smooth_union(f, ridge + (1 - traits_.brow_ridge) * 2.5f, 10);
    f = nose(f, r);
    f = lids(f, p);
    if (action_.lips_apart > 0) f = smooth_cut(f, std::max(moved.mouth_opening, average.z - kMouthFloor), 0.8f);
  }
  if (p.x > 45 && p.z > 50 && std::abs(p.y - 14) < 60) f = smooth_union(f, ear(average), 5);
  return smooth_union(f, neck(p), 12);
}

Vec3f Shape::rest(const Vec3f& point) const {
  const Vec3f p{std::abs(point.x), point.y, point.z};
  Vec3f r = p;
  if (p.z < 40) {
    const float reach = smooth_step(26, 20, std::abs(p.x - eyeball_.x));
    if (reach > 0) r.y = mix(p.y, eye_.rest_height(eye_at_rest_, p.x, p.y), reach);
  }
  r = proportions_.to_own(warp_.to_rest(proportions_.to_average(r)).rest);
  return {point.x < 0 ? -r.x : r.x, r.y, r.z};
}

Vec3f Shape::normal(const Vec3f& p) const {
  // Four samples at the corners of a tetrahedron.
  constexpr float e = 0.35f;
  const float a = distance({p.x + e, p.y - e, p.z - e}), b = distance({p.x - e, p.y - e, p.z + e});
  const float c = distance({p.x - e, p.y + e, p.z - e}), d = distance({p.x + e, p.y + e, p.z + e});
  return normalized({a - b - c + d, -a - b + c + d, -a + b - c + d});
}

}  // namespace nearfar::rig::head
