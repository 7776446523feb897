// The smooth body of skull and jaw: horizontal sections stacked from brow to chin, under a domed crown.
#pragma once

#include <array>

#include "subjects/head/implicit.h"
#include "subjects/head/parameters.h"

namespace nearfar::rig::head {

/// Each section is a superellipse half in front of and half behind its widest line.
class Loft {
 public:
  explicit Loft(const Traits& traits);

  /// In the proportions of the average head (see Shape).
  float distance(const Vec3f& p) const;
  /// z of the front on the midline at height y.
  float front(float y) const;

 private:
  struct Section {
    float front = 0;
    float half_width = 0;
    float widest = 0;
    float back = 0;
  };
  static constexpr int kFirst = -21;
  static constexpr int kCount = 138;
  std::array<Section, kCount> sections_{};
  float forehead_lean_;

  Section section(float y) const;
  float radial(const Vec3f& p) const;
  float crown(const Vec3f& p) const;
};

}  // namespace nearfar::rig::head
