// What an expression does to the face: a smooth map from the moved face back to the face at rest.
#pragma once

#include "subjects/head/features.h"

namespace nearfar::rig::head {

/// In the average head's proportions; symmetric, so x is positive throughout.
class Warp {
 public:
  Warp(const Traits& traits, const Action& action) : mouth_(traits), a_(action) {}

  struct Result {
    Vec3f rest;
    /// Signed distance to the opening between the lips in the frontal plane, mm.
    float mouth_opening = 1e3f;
  };
  Result to_rest(const Vec3f& p) const;

  enum class Side { upper, lower };
  /// Inverse; `side` tells which lip a point on the mouth line belongs to.
  Vec3f from_rest(const Vec3f& rest, Side side) const;

 private:
  Vec3f without_jaw(const Vec3f& p) const;
  MouthLine mouth_;
  Action a_;
};

}  // namespace nearfar::rig::head
