// Scene brightness as stored in textures and panels.
#pragma once

#include <cstdint>

namespace nearfar::rig {

/// Brightest level; it fills the sensor at the default exposure, gain and brightness.
inline constexpr int kMaxLevel = 4095;

/// @param share of full scale at the default settings, 0 to 1.
constexpr std::uint16_t level_of_share(double share) {
  return static_cast<std::uint16_t>(share * kMaxLevel + 0.5);
}

}  // namespace nearfar::rig
