// What honest mode adds to lenses and plate: physics that no calibration model has, drawn from the optics' seed.
#pragma once

#include <array>
#include <cstdint>

#include "board/pins.h"
#include "optics/vec.h"

namespace nearfar::rig {

struct LensFlaws {
  /// The entrance pupil moves towards the subject by this × (1 - cos of the field angle), mm, for a lens of 28 mm;
  /// other focal lengths f by 28/f of it (long lenses have smaller walks, and small angles besides).
  double pupil_walk_mm = 0;
  /// Distortion that Brown's five parameters cannot follow, px at the image corner: thin prism growing with
  /// r² and r⁴, and a radial term growing with r⁹.
  Vec2 prism_r2_px;
  Vec2 prism_r4_px;
  double radial_px = 0;
};

/// Departure of a plate's face from its mean plane as a cubic of u and v, each -1 to 1 over the plate.
struct FaceFigure {
  /// Amplitudes of u², uv, v², u³, u²v, uv², v³, mm.
  std::array<double, 7> height_mm{};

  /// Change of the height with u and with v, mm, less its mean over the plate.
  Vec2 slope(double u, double v) const;
};

struct PlateFlaws {
  /// Turn of the back face against the coated face about the plate's two axes.
  Vec2 wedge_rad;
  FaceFigure coated;
  FaceFigure back;
};

LensFlaws lens_flaws(std::uint64_t seed, Arm arm);
PlateFlaws plate_flaws(std::uint64_t seed);

}  // namespace nearfar::rig
