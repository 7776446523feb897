// The command line of nearfar-virtual-rig.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "board/board.h"
#include "board/pins.h"

namespace nearfar::rig {

/// What is set per camera.
struct CameraOptions {
  std::string serial;
  std::string address;  ///< 127.A.B.1 (near) or 127.A.B.2 (far).
  double lag_us = 0;
  double jitter_us = 0;
};

struct RigOptions {
  std::filesystem::path firmware;
  std::filesystem::path control_socket;
  bool board_only = false;
  CameraOptions near;
  CameraOptions far;
  int width_px = 1280;
  int height_px = 1024;
  std::string pixel_format = "Mono12";
  int bit_depth = 12;
  int black_level = 64;
  /// Empty: no optics, only the plane.
  std::filesystem::path optics_file;
  std::uint64_t seed = 1;
  Pace pace = Pace::real;

  const CameraOptions& camera(Arm arm) const { return arm == Arm::near ? near : far; }
};

/// Throws std::invalid_argument with a sentence for the user.
RigOptions parse_options(int argc, char** argv);

/// The text of `--help`.
const char* usage();

}  // namespace nearfar::rig
