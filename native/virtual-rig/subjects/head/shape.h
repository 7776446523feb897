// The skin's surface as one implicit function: loft, features, lids, mouth, ears, neck.
#pragma once

#include "subjects/head/features.h"
#include "subjects/head/loft.h"
#include "subjects/head/warp.h"

namespace nearfar::rig::head {

class Shape {
 public:
  Shape(const Traits& traits, const Action& action);

  /// Approximate signed distance to the skin, mm; p in the head's own frame.
  float distance(const Vec3f& p) const;
  /// Of skull and jaw alone, without features: what hair grows on.
  float scalp_distance(const Vec3f& p) const;
  /// Where this point of the skin is when the face rests.
  Vec3f rest(const Vec3f& p) const;
  /// Unit gradient of the distance.
  Vec3f normal(const Vec3f& p) const;

  const Traits& traits() const { return traits_; }
  const Action& action() const { return action_; }
  const Proportions& proportions() const { return proportions_; }
  const EyeOpening& eye() const { return eye_; }
  const Warp& warp() const { return warp_; }
  const MouthLine& mouth() const { return mouth_; }
  /// Centre of the eyeball at positive x.
  Vec3f eyeball_centre() const { return eyeball_; }

 private:
  float relief(const Vec3f& rest) const;
  float lips(float x, float y) const;
  float nose(float f, const Vec3f& rest) const;
  float lids(float f, const Vec3f& p) const;
  float ear(const Vec3f& p) const;
  float neck(const Vec3f& p) const;

  Traits traits_;
  Action action_;
  Proportions proportions_;
  Loft loft_;
  EyeOpening eye_, eye_at_rest_;
  MouthLine mouth_;
  Warp warp_;
  Vec3f eyeball_;
};

}  // namespace nearfar::rig::head
