// Targets of calibration/targets as objects.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "subjects/mesh.h"
#include "subjects/subject.h"

namespace nearfar::rig {

/// Departures of a real print from its definition; all zero for an ideal one. Bought charts and the
/// built-in targets have none.
struct PrintFlaws {
  /// Root mean square of the smooth displacement of the print on the paper, mm for each axis.
  double print_error_mm = 0;
  /// Greatest sag of the board out of its plane, mm; the shape is no parabola. Parts of an assembly are
  /// smaller and sag less, with the square of their size.
  double bend_mm = 0;
  std::uint64_t seed = 1;
};

/// Ids of all files in the folder, sorted, and "led-counter", "point-light".
/// Throws AssetError if the folder cannot be read.
std::vector<std::string> target_ids(const AssetFolders& folders);

/// Builds a target. Its point sets hold the printed corners (or patch centres) *where they really are*, flaws included.
/// The LED counter comes with all LEDs dark (build_led_counter). Throws AssetError naming the ids that exist.
std::shared_ptr<const Object> build_target(const std::string& id, const PrintFlaws& flaws, const AssetFolders& folders);

/// The LED panel of cameras/scene/led_panel.h as a thing of 120 × 80 mm, cells of 10 mm. Point set "panel" holds its
/// four corners clockwise from the top left.
/// @param bits LED n is lit when bit n % 8 of byte n / 8 is set; row-major from the top left.
std::shared_ptr<const Object> build_led_counter(std::array<std::uint8_t, 12> bits);

}  // namespace nearfar::rig
