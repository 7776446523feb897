#pragma once

#include <cstdint>
#include <vector>

#include "geometry.h"

namespace nearfar::vision::match {

/// A canonical image, linear, at any scale.
struct Image {
  std::vector<std::uint16_t> samples;  ///< size × size × channels
  int channels = 1;                    ///< 1 or 3
  std::vector<std::uint8_t> flags;     ///< size × size; bit 1: valid, bit 2: clipped
};

struct Request {
  Image near;
  Image far;
  Geometry geometry;
  double from_mm = -160;  ///< depths that are searched
  double to_mm = 80;
};

/// What src/native/radial-match.ts says of `DepthView`. All size × size.
struct DepthView {
  std::vector<float> depth_mm;
  std::vector<float> sigma_px;
  std::vector<float> depth_sigma_mm;
  std::vector<float> flow;
  std::vector<std::uint8_t> visible;
};

struct Match {
  DepthView near;
  DepthView far;
};

}  // namespace nearfar::vision::match
