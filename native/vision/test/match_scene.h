#pragma once

#include <cstdint>
#include <functional>

#include "../core/match/field.h"
#include "../core/match/request.h"

namespace nearfar::vision::test {

/// A surface seen by both arms, warped exactly.
struct MatchScene {
  match::Request request;
  /// h over near pixels.
  std::function<double(double, double)> near_depth_mm;
  match::Plane far_depth_mm;
  match::Field<std::uint8_t> far_hidden;
};

struct SceneOptions {
  int size = 256;
  /// rms of what is drawn on the surface, and of the noise of a pixel, over the mean.
  double texture = 0.05;
  double noise = 0.015;
  /// What all of the near image's brightness is multiplied by.
  double near_gain = 1;
  match::RigErrors errors = {};
};

/// `depth_mm` over near pixels, of which those with the greatest h hide others. The epipole lies left of the image.
MatchScene match_scene(const SceneOptions& options, std::function<double(double, double)> depth_mm);

}  // namespace nearfar::vision::test
