// The LED counter: 12 × 8 LEDs, row-major from the top left of the upright, un-mirrored image.
// Bits 0-31 shot id, 32-79 board tick at the start of this camera's exposure, 80-95 CRC-16 over
// those ten bytes; each field least significant bit first.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace nearfar::rig {

inline constexpr int kLedColumns = 12;
inline constexpr int kLedRows = 8;
using LedBits = std::bitset<kLedColumns * kLedRows>;

/// @param exposure_start_tick its lower 48 bits are shown.
LedBits led_bits_of(std::uint32_t shot_id, std::uint64_t exposure_start_tick);

/// The panel as an upright picture, and where its top left pixel stands in the whole view.
struct LedPanelImage {
  int left = 0;
  int top = 0;
  int width = 0;
  int height = 0;
  std::vector<std::uint16_t> levels;
};

/// @param view_width, view_height size of the whole sensor in px.
LedPanelImage draw_led_panel(const LedBits& bits, int view_width, int view_height);

}  // namespace nearfar::rig
