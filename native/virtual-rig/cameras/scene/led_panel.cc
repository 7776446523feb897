#include "cameras/scene/led_panel.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "cameras/scene/image_level.h"

namespace nearfar::rig {
namespace {

// Place of the panel, in shares of the whole view.
constexpr double kLeft = 0.05, kRight = 0.45, kTop = 0.05, kBottom = 0.32;

constexpr std::uint16_t kLit = level_of_share(0.70);
constexpr std::uint16_t kUnlit = level_of_share(0.03);
constexpr std::uint16_t kBoard = level_of_share(0.015);
/// The LED takes the central 60 % of its cell.
constexpr double kLedFrom = 0.2, kLedTo = 0.8;
/// Thickness of the bright frame, as a share of a cell's width: well outside the LEDs.
constexpr double kFrameShare = 0.08;

/// CRC-16/CCITT-FALSE: polynomial 0x1021, initial value 0xFFFF.
std::uint16_t crc16(std::span<const std::uint8_t> bytes) {
  std::uint16_t crc = 0xFFFF;
  for (const std::uint8_t byte : bytes) {
    crc = static_cast<std::uint16_t>(crc ^ (byte << 8));
    for (int bit = 0; bit < 8; bit++) {
      crc = static_cast<std::uint16_t>((crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1);
    }
  }
  return crc;
}

/// Index of the cell and whether the point lies on its LED, along one axis.
struct CellPlace {
  int cell;
  bool on_led;
};

CellPlace place_in(double position, double cell_size, int cell_count) {
  const int cell = std::clamp(static_cast<int>(position / cell_size), 0, cell_count - 1);
  const double within = position / cell_size - cell;
  return {cell, within >= kLedFrom && within < kLedTo};
}

}  // namespace

LedBits led_bits_of(std::uint32_t shot_id, std::uint64_t exposure_start_tick) {
  std::array<std::uint8_t, 12> bytes{};
  for (std::size_t i = 0; i < 4; i++) bytes[i] = static_cast<std::uint8_t>(shot_id >> (8 * i));
  for (std::size_t i = 0; i < 6; i++) bytes[4 + i] = static_cast<std::uint8_t>(exposure_start_tick >> (8 * i));
  const std::uint16_t crc = crc16(std::span(bytes).first(10));
  bytes[10] = static_cast<std::uint8_t>(crc);
  bytes[11] = static_cast<std::uint8_t>(crc >> 8);
  LedBits bits;
  for (std::size_t bit = 0; bit < bits.size(); bit++) bits[bit] = ((bytes[bit / 8] >> (bit % 8)) & 1) != 0;
  return bits;
}

LedPanelImage draw_led_panel(const LedBits& bits, int view_width, int view_height) {
  const double cell_width = (kRight - kLeft) * view_width / kLedColumns;
  const double cell_height = (kBottom - kTop) * view_height / kLedRows;
  LedPanelImage panel;
  panel.left = static_cast<int>(std::lround(kLeft * view_width));
  panel.top = static_cast<int>(std::lround(kTop * view_height));
  panel.width = static_cast<int>(std::lround(kRight * view_width)) - panel.left;
  panel.height = static_cast<int>(std::lround(kBottom * view_height)) - panel.top;
  panel.levels.resize(static_cast<std::size_t>(panel.width) * static_cast<std::size_t>(panel.height), kBoard);

  const int frame = std::max(1, static_cast<int>(std::lround(kFrameShare * cell_width)));
  auto level = panel.levels.begin();
  for (int y = 0; y < panel.height; y++) {
    const CellPlace row = place_in(panel.top + y + 0.5 - kTop * view_height, cell_height, kLedRows);
    const bool row_on_frame = y < frame || y >= panel.height - frame;
    for (int x = 0; x < panel.width; x++, ++level) {
      const CellPlace column = place_in(panel.left + x + 0.5 - kLeft * view_width, cell_width, kLedColumns);
      if (row.on_led && column.on_led) {
        *level = bits[static_cast<std::size_t>(row.cell * kLedColumns + column.cell)] ? kLit : kUnlit;
      } else if (row_on_frame || x < frame || x >= panel.width - frame) {
        *level = kLit;
      }
    }
  }
  return panel;
}

}  // namespace nearfar::rig
