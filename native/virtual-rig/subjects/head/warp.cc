#include "subjects/head/warp.h"

namespace nearfar::rig::head {
/// Undoes brows, cheeks and mouth corners.
Vec3f Warp::without_jaw(const Vec3f& p) const {
  const float front = smooth_step(62, 30, p.z);
  if (front == 0) return p;
  Vec3f q = p;
  const float brow = smooth_step(-7, -17, p.y) * smooth_step(-72, -38, p.y) * front;
  const float inner = bump(p.x - 10, p.y + 24, 15, 14) * front;
  q.y += a_.brow_up * brow * smooth_step(66, 46, p.x) + (a_.inner_brow_up - a_.brow_pinch * 0.8f) * inner;
  q.x += a_.brow_pinch * 0.6f * bump(p.x - 14, p.y + 22, 12, 12) * front;

  const float wide = mouth_.half_width() + a_.corner_out;
  const float at_mouth = bump(0, p.y - kMouthHeight, 1, 20) * smooth_step(62, 26, p.x) * front;
  q.x -= a_.corner_out * std::min(p.x / wide, 1.0f) * at_mouth;
  q.y += a_.corner_up * bump(p.x - wide, p.y - kMouthHeight + a_.corner_up, 14, 15) * front;
  q.z -= 0.35f * a_.corner_out * smooth_step(0.3f, 1, p.x / wide) * at_mouth;
  q.y += a_.cheek_up * bump(p.x - 40, p.y - 36, 19, 17) * front;
  return q;
}

Warp::Result Warp::to_rest(const Vec3f& p) const {
  Result result{without_jaw(p)};
  Vec3f& q = result.rest;
  if (a_.lips_apart == 0) return result;
  if (q.z > 75 || q.y < 20) return result;
  const float s = q.x / mouth_.half_width(), cleft = mouth_.cleft(q.x);
  const float gap = a_.lips_apart * std::pow(std::max(1 - s * s, 0.0f), 0.6f);
  const float up = a_.upper_lip_share * gap, down = gap - up;
  const float beside = std::max(s - 0.995f, 0.0f) * mouth_.half_width();
  result.mouth_opening = std::max(cleft - up - q.y, q.y - cleft - down) + beside;

  const float lateral = smooth_step(70, 36, q.x) * smooth_step(75, 25, q.z);
  // Beside the mouth the cheek stretches over a length that keeps the map one to one.
  const float from = mix(cleft + 2, cleft - 24, smooth_step(0.7f, 1.35f, s));
  const float jaw = a_.jaw_drop * lateral * smooth_step(from, cleft + 34, q.y);
  const float ramp = smooth_step(from, cleft + 34, q.y);
  const float y = q.y;
  if (y < cleft + gap * (0.5f - a_.upper_lip_share)) {
    q.y += up * smooth_step(cleft - 20, cleft - 3, y) - jaw;
  } else {
    q.y -= mix(down, a_.jaw_drop * lateral, ramp);
  }
  q.z -= 0.25f * jaw;
  return result;
}

Vec3f Warp::from_rest(const Vec3f& rest, Side side) const {
  Vec3f p = rest;
  if (side == Side::lower) p.y += a_.lips_apart + 0.3f;
  for (int i = 0; i < 30; ++i) {
    const Vec3f miss = rest - to_rest(p).rest;
    p = p + miss * 0.8f;
    if (dot(miss, miss) < 1e-6f) break;
  }
  return p;
}

}  // namespace nearfar::rig::head
