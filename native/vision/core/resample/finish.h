#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "frame_map.h"
#include "patch.h"
#include "request.h"
#include "simd.h"

namespace nearfar::vision::resample {

/// From sums of samples, or of their light, to what is stored: shares, dark, flat field, color, white.
class Finish {
 public:
  /// The request must outlive it.
  Finish(const Request& request, const FrameMap& map, const Decoding& decoding);

  /// Pixels side by side in the result. @param footprints those without one are left as they are.
  /// @param sums `quad_lanes` floats a pixel. @param into as many words a pixel as there are channels.
  void store_row(int u, int v, int count, const Footprints& footprints, const float* sums, std::uint16_t* into) const;

 private:
  void flatten(Place upright, Quad& light) const;

  const Request& request_;
  const FrameMap& map_;
  const int channels_;
  const float scale_;
  const float offset_;
  Quad dark_{};
  /// Of each color step.
  std::vector<std::array<Quad, 6>> columns_;
  double columns_per_px_ = 0;
  double rows_per_px_ = 0;
};

}  // namespace nearfar::vision::resample
