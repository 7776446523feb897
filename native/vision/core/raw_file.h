#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "cancel_flag.h"
#include "resample/request.h"

namespace nearfar::vision {

/// The visible mosaic of a camera's raw file, its levels evened out over the colors.
struct RawFile {
  /// Keeps the samples.
  std::shared_ptr<const void> owner;
  /// height × width.
  std::span<std::uint16_t> samples;
  int width_px = 0;
  int height_px = 0;
  resample::Cfa cfa = resample::Cfa::rggb;
  int black_level = 0;
  int white_level = 0;
  /// Clockwise turn that makes it upright: 0, 90, 180 or 270.
  int rotation_deg = 0;
  /// Maker and model.
  std::string camera;
};

/// @throws FileUnreadable; FileDamaged also for files that are no raw files or whose color filter is not 2 × 2;
///   Cancelled.
RawFile read_raw_file(const std::string& path, const CancelFlag& flag);

}  // namespace nearfar::vision
