#pragma once

#include <cstdint>

#include "frame_map.h"
#include "request.h"

namespace nearfar::vision::resample {

/// From shares of light to what is stored: dark, flat field, color, white.
class Finish {
 public:
  /// The request must outlive it.
  Finish(const Request& request, const FrameMap& map);

  /// Whether `store` looks at where the light was seen.
  bool needs_place() const { return request_.flat.has_value(); }
  /// @param upright where the light was seen. @param light as many shares as there are channels; changed.
  void store(Place upright, float* light, std::uint16_t* into) const;

 private:
  void flatten(Place upright, float* light) const;

  const Request& request_;
  const int channels_;
  double columns_per_px_ = 0;
  double rows_per_px_ = 0;
};

}  // namespace nearfar::vision::resample
