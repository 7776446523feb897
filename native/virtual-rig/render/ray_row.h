// The rays of one sample of up to 32 neighbouring pixels, side by side so that loops over them vectorise.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "render/motion_track.h"
#include "render/ray_table.h"
#include "render/sampling.h"

namespace nearfar::rig {

inline constexpr int kRowRays = 32;
template <typename T>
using Lanes = std::array<T, kRowRays>;

/// A run of pixels within one tile.
struct PixelRun {
  int x = 0;
  int y = 0;
  int count = 0;
};

/// Random bits of each pixel, one word for each dimension.
struct RunShifts {
  alignas(64) std::array<Lanes<std::uint32_t>, kSampleDimensions> bits;

  /// @param seed well mixed: neighbouring numbers would give neighbouring rows the same bits.
  RunShifts(const PixelRun& run, std::uint32_t seed);
};

/// Rays in the rig frame (SlopeRay) and then in the object's.
struct RayRow {
  alignas(64) std::array<Lanes<float>, 4> slope{};
  /// Start and direction in the object's frame; the direction's length is 1 per mm of rig z.
  alignas(64) std::array<Lanes<float>, 3> origin;
  alignas(64) std::array<Lanes<float>, 3> way;
  /// Share of the shutter's time, 0 to 1.
  alignas(64) Lanes<float> time;
  Lanes<bool> alive;

  /// Sends one sample of each pixel through a tile's paths.
  /// @param kind of the paths, to ask the optics itself where a tile is partial.
  void aim(const RayTable& table, const Tile& tile, std::optional<PathRay> PixelPaths::* kind, const PixelRun& run,
           const RunShifts& shifts, const std::array<std::uint32_t, kSampleDimensions>& sample);

  /// Fills origin and way of all lanes, or of one. @param start_dz of the origins from the reference plane.
  void enter(const ObjectFromRig& object, float start_dz);
  void enter(const ObjectFromRig& object, float start_dz, std::size_t lane);
};

}  // namespace nearfar::rig
