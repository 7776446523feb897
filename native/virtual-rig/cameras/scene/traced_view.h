// What one camera of the rig sees of a traced world, as the samples its sensor puts out.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "cameras/scene/pixel_format.h"
#include "cameras/scene/region.h"
#include "render/renderer.h"
#include "sensor/sensor_model.h"

namespace nearfar::rig {

struct TracedExposure {
  /// Start: of the region's first row in the order of readout.
  ExposureTimes times;
  double gain_db = 0;
  Region region;
  bool bayer = false;
  /// Shown by the LED counter.
  std::uint32_t shot_id = 0;
  std::uint64_t start_tick = 0;
  std::uint64_t noise_seed = 0;
};

/// Thread-safe.
class TracedView {
 public:
  struct Options {
    Arm arm = Arm::near;
    SensorModel sensor;
    /// Of the raw frame.
    int sensor_width = 0;
    int sensor_height = 0;
    /// Whether the camera comes with a mosaic.
    bool bayer = false;
    std::uint64_t seed = 0;
  };

  /// @param renderer outlives the view.
  TracedView(Renderer& renderer, const Options& options);

  /// Samples of the region, row-major as the raw frame. Takes half a second and more.
  /// @returns nothing when `cancelled` said so. Throws AssetError for a world that cannot be built.
  std::vector<std::uint16_t> expose(const World& world, const TracedExposure& exposure,
                                    const std::function<bool()>& cancelled) const;

  int sensor_width() const { return options_.sensor_width; }
  int sensor_height() const { return options_.sensor_height; }
  int bit_depth() const { return options_.sensor.bit_depth; }
  bool bayer() const { return options_.bayer; }
  /// Time between the starts of two rows; 0 is a global shutter.
  double row_time_us() const;
  /// How much later than the frame's first row its last one starts to expose.
  double last_row_delay_s() const { return 1e-6 * row_time_us() * (options_.sensor_height - 1); }

 private:
  Renderer& renderer_;
  Options options_;
  TracedSensor sensor_;
};

}  // namespace nearfar::rig
