// The first scene: a plane with band-limited noise and hard edges, in the upright, un-mirrored view.
#pragma once

#include <cstdint>
#include <vector>

namespace nearfar::rig {

struct PlaneTexture {
  int width = 0;
  int height = 0;
  /// Row-major levels (image_level.h), 0.05 to 0.8 of full scale.
  std::vector<std::uint16_t> levels;
};

/// @param width, height of the whole sensor in px. The same seed gives the same plane at any size.
PlaneTexture make_plane_texture(int width, int height, std::uint64_t seed);

/// Channels of a Bayer cell.
enum class PlaneChannel { red, green, blue };

/// Mild color of the plane: what a channel sees relative to green, 0.85 to 1.15, at shares u, v of the view.
double color_ratio(PlaneChannel channel, double u, double v);

}  // namespace nearfar::rig
