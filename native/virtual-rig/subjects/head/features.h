// Where eyes, mouth and brows lie: curves shared by the surface, the skin's colors and the landmarks.
#pragma once

#include "subjects/head/implicit.h"
#include "subjects/head/parameters.h"

namespace nearfar::rig::head {

inline constexpr float kEyeballRadius = 12;
inline constexpr float kIrisRadius = 5.9f;
inline constexpr float kMouthHeight = 68;
/// y of the nose's base on the average head; a nose's own length scales it.
inline constexpr float kNoseBase = 47;

/// Between a head's own proportions (mm) and those of the average head, in which most features are laid out.
class Proportions {
 public:
  explicit Proportions(const Traits& t) : t_(t) {}
  Vec3f to_average(const Vec3f& p) const {
    return {p.x / t_.width, p.y / (p.y < 0 ? t_.upper_height : t_.lower_height), p.z / t_.depth};
  }
  Vec3f to_own(const Vec3f& p) const {
    return {p.x * t_.width, p.y * (p.y < 0 ? t_.upper_height : t_.lower_height), p.z * t_.depth};
  }

 private:
  Traits t_;
};

/// The lid margins of the eye at positive x, mm; the other eye is its mirror image.
class EyeOpening {
 public:
  EyeOpening(const Traits& traits, const Action& action);
  float centre_x() const { return centre_x_; }
  float half_width() const { return half_width_; }
  /// -1 at the inner corner to 1 at the outer.
  float along(float x) const { return (x - centre_x_) / half_width_; }
  /// y of the margins at x; they meet at the corners and beyond.
  float upper(float x) const;
  float lower(float x) const;
  /// Signed distance to the opening in the frontal plane, negative inside.
  float distance(float x, float y) const;
  /// y that a point of the lids at (x, y) has while the eye is as `rest` tells: lids slide and stretch over the ball.
  float rest_height(const EyeOpening& rest, float x, float y) const;

 private:
  float corner_line(float s) const;
  float centre_x_, half_width_, up_, down_, slant_, closure_;
};

/// Mouth at rest, in the average head's proportions; x is positive.
class MouthLine {
 public:
  explicit MouthLine(const Traits& traits) : t_(traits) {}
  float half_width() const { return t_.mouth_half_width; }
  /// y of the line where the lips meet, of the upper lip's upper edge and of the lower lip's lower edge.
  float cleft(float x) const;
  float upper_edge(float x) const;
  float lower_edge(float x) const;

 private:
  float along(float x) const { return std::min(x / t_.mouth_half_width, 1.0f); }
  Traits t_;
};

/// Middle line and half thickness of the brow at positive x, average proportions, at rest.
struct Brow {
  explicit Brow(const Traits& traits) : t(traits) {}
  static constexpr float kInner = 10;
  static constexpr float kOuter = 56;
  float height(float x) const;
  float half_thickness(float x) const;
  Traits t;
};

}  // namespace nearfar::rig::head
