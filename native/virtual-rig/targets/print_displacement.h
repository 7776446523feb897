// How far a printer puts ink beside where it belongs: smooth, and no polynomial.
#pragma once

#include <array>
#include <cstdint>

#include "targets/definition.h"

namespace nearfar::rig {

/// Three sinusoids for each axis, of half a period to one and a half over the longer side.
class PrintDisplacement {
 public:
  /// @param rms_mm root mean square over the pattern of each axis; the mean is zero. 0: an ideal print.
  PrintDisplacement(const SizeMm& pattern, double rms_mm, std::uint64_t seed);

  /// Which point of the definition is printed at a point of the paper; mm from the centre. About 40 ns.
  template <typename Real>
  std::array<Real, 2> definition_at(Real u, Real v) const;

  /// The inverse: where on the paper a point of the definition is printed.
  Vec2 paper_at(const Vec2& definition) const;

 private:
  struct Wave {
    /// Radians per mm.
    double along_u = 0;
    double along_v = 0;
    double phase = 0;
    double amplitude_mm = 0;
  };
  struct Axis {
    std::array<Wave, 3> waves;
    double mean_mm = 0;
  };

  template <typename Real>
  static Real shift(const Axis& axis, Real u, Real v);
  static void scale(Axis& axis, const SizeMm& pattern, double rms_mm);

  bool ideal_;
  std::array<Axis, 2> axes_;
};

}  // namespace nearfar::rig
