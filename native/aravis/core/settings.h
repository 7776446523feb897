#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace nearfar::aravis {

/// Region of interest, in px of the full sensor.
struct Region {
  int x_px = 0;
  int y_px = 0;
  int width_px = 0;
  int height_px = 0;
};

/// What a camera is asked to hold, or what it holds.
struct Settings {
  std::string pixel_format;  ///< PFNC name.
  double exposure_us = 0;
  /// dB where the camera has GenICam's `Gain`; its own unit where it has only the old `GainRaw`.
  double gain_db = 0;
  std::optional<Region> region;  ///< Whole sensor when absent.
  std::string trigger_line;      ///< Source of FrameStart, rising edge.
};

/// Shape of the frames that follow from the settings.
struct FrameFormat {
  std::uint32_t pixel_format = 0;  ///< PFNC number.
  int width_px = 0;
  int height_px = 0;
  /// Bytes of the pixels alone; a payload may carry chunk data behind them.
  std::size_t image_bytes = 0;
  std::size_t payload_bytes = 0;
};

}  // namespace nearfar::aravis
