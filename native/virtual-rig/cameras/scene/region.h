// Part of the sensor that is read out.
#pragma once

#include <algorithm>

namespace nearfar::rig {

/// In raw (mirrored, not turned) px.
struct Region {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};

/// At least one pixel of the sensor, whatever the client asked for.
inline Region cut_to_sensor(const Region& region, int sensor_width, int sensor_height) {
  Region cut;
  cut.x = std::clamp(region.x, 0, sensor_width - 1);
  cut.y = std::clamp(region.y, 0, sensor_height - 1);
  cut.width = std::clamp(region.width, 1, sensor_width - cut.x);
  cut.height = std::clamp(region.height, 1, sensor_height - cut.y);
  return cut;
}

}  // namespace nearfar::rig
