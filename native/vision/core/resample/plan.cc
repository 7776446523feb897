#include "plan.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nearfar::vision::resample {
namespace {

/// As many cells must remain per pixel of the result: what they fold back is then weakened to 4 % where the result
/// shows the finest detail and to 1 % at twice that size, and they take 8 % or less from the finest detail itself.
constexpr double least_cells_per_px = 1.8;
/// Short side of a tile.
constexpr int tile_px = 64;
/// Long side where samples lie in memory: a tile's cells then stay in the second cache of most machines. Short rows
/// are slow to read from a file, whose tiles are as long as the result.
constexpr int tile_in_memory_px = 128;

struct Range {
  double least;
  double greatest;
};

/// Over the blocks that show something.
Range range_of(const std::vector<Stretch>& stretches) {
  Range range{1e300, 1};
  for (const auto& [across, down] : stretches) {
    if (across == 0) continue;
    range.least = std::min({range.least, across, down});
    range.greatest = std::max({range.greatest, across, down});
  }
  range.least = std::min(range.least, range.greatest);
  return range;
}

int step_for(const Range& range) { return std::max(1, static_cast<int>(range.least / least_cells_per_px)); }

/// Long tiles lie along the stored rows, as far as the frame's turn in the result lets their areas stay narrow.
std::vector<Area> tiles_of(const Request& request, const FrameMap& map) {
  const Jacobian j = map.jacobian((request.width_px - 1) / 2.0, (request.height_px - 1) / 2.0);
  const bool rows_lie_across = std::abs(j.yv) >= std::abs(j.yu);
  const double along = std::min(std::abs(j.yv), std::abs(j.yu)), over = std::max(std::abs(j.yv), std::abs(j.yu));
  const bool in_file = std::holds_alternative<FileSamples>(request.source.samples);
  const int longest = in_file ? std::max(request.width_px, request.height_px) : tile_in_memory_px;
  const bool narrow = along * longest <= 0.5 * tile_px * over;
  const int length = narrow ? longest : std::max(tile_px, static_cast<int>(0.5 * tile_px * over / along));
  const int width = rows_lie_across ? length : tile_px, height = rows_lie_across ? tile_px : length;
  std::vector<Area> tiles;
  for (int top = 0; top < request.height_px; top += height) {
    for (int left = 0; left < request.width_px; left += width) {
      tiles.push_back({left, top, std::min(left + width, request.width_px), std::min(top + height, request.height_px)});
    }
  }
  return tiles;
}

double middle_scale(const Request& request, const FrameMap& map) {
  const Jacobian j = map.jacobian((request.width_px - 1) / 2.0, (request.height_px - 1) / 2.0);
  return std::sqrt(std::abs(j.xu * j.yv - j.xv * j.yu));
}

KernelSet kernels_for(const Request& request, const Range& range, int step) {
  return {range.least / step, range.greatest / step, request.source.channels() == 3 ? quad_lanes : 1};
}

}  // namespace

Plan::Plan(const Request& request, FrameMap map, const std::vector<Stretch>& stretches)
    : map_(std::move(map)),
      blocks_across_((request.width_px + block_px - 1) / block_px),
      step_(step_for(range_of(stretches))),
      kernels_(kernels_for(request, range_of(stretches), step_)),
      tiles_(tiles_of(request, map_)),
      source_px_per_px_(middle_scale(request, map_)) {
  for (const Stretch& stretch : stretches) {
    pairs_.push_back({&kernels_.at(stretch.across / step_), &kernels_.at(stretch.down / step_)});
  }
}

Plan::Plan(const Request& request)
    : Plan(request, FrameMap(request), stretches_of(request, FrameMap(request))) {}

std::vector<Stretch> Plan::stretches_of(const Request& request, const FrameMap& map) {
  std::vector<Stretch> stretches;
  for (int top = 0; top < request.height_px; top += block_px) {
    for (int left = 0; left < request.width_px; left += block_px) {
      const Jacobian j = map.jacobian(left + (block_px - 1) / 2.0, top + (block_px - 1) / 2.0);
      const double across = std::hypot(j.xu, j.xv), down = std::hypot(j.yu, j.yv);
      const bool shown = std::isfinite(across) && std::isfinite(down);
      stretches.push_back(shown ? Stretch{std::max(across, 1.0), std::max(down, 1.0)} : Stretch{0, 0});
    }
  }
  return stretches;
}

}  // namespace nearfar::vision::resample
