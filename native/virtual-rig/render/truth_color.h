// What both cameras make of the 24 chart patches, and the matrices between them and to colors.
#pragma once

#include <array>
#include <optional>

#include "optics/vec.h"
#include "render/renderer.h"
#include "render/truth_geometry.h"
#include "world/world.h"

namespace nearfar::rig {

/// Camera RGB or Rec.2020 of one chart patch.
using Rgb = std::array<double, 3>;

struct ColorTruth {
  /// Of each arm, row-major from dark skin to black: linear, as a share of full scale at 0 dB and brightness 1.
  std::array<std::array<Rgb, 24>, 2> patches;
  /// rgb_far = near_to_far · rgb_near, least squares over the patches, with both arms' levels as they are;
  /// absent when the near camera's channels are not independent.
  std::optional<Mat3> near_to_far;
  /// linear Rec.2020 = far_to_rec2020 · rgb_far, least squares over the patches: what they look like in daylight
  /// (D65), a perfect white (1, 1, 1). Absent when the far camera's channels are not independent.
  std::optional<Mat3> far_to_rec2020;
};

/// Linear Rec.2020 of the chart's patches under D65, from their spectra; a perfect white is (1, 1, 1).
std::array<Rgb, 24> patches_in_rec2020();

/// The chart faces the cameras in full light where each arm's principal point looks.
ColorTruth color_truth(Renderer& renderer, const World& world, const ShotTimes& times);

/// The matrix m that minimises Σ |to - m·from|²; nothing when `from` has fewer than three independent colors.
std::optional<Mat3> least_squares_matrix(const std::array<Rgb, 24>& from, const std::array<Rgb, 24>& to);

}  // namespace nearfar::rig
