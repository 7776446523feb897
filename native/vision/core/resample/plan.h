#pragma once

#include <vector>

#include "frame_map.h"
#include "kernel.h"
#include "patch.h"
#include "request.h"

namespace nearfar::vision::resample {

/// Pixels of the stored frame, along its x and y, per pixel of the result; at least 1, or 0: nothing is shown.
struct Stretch {
  double across = 1;
  double down = 1;
};

/// For one pixel of the result.
struct KernelPair {
  const Kernel* across;
  const Kernel* down;
};

/// How a request is gone about: the same whatever the threads.
class Plan {
 public:
  /// Side of the blocks of the result over which one stretch holds.
  static constexpr int block_px = 16;

  explicit Plan(const Request& request);

  const FrameMap& map() const { return map_; }
  /// Pixels from cell to cell (`Decoding`), so that kernels need not be much wider than a few of them.
  int step() const { return step_; }
  /// In cells, for the block of the result that holds this pixel.
  const KernelPair& kernels(int u, int v) const {
    return pairs_[static_cast<std::size_t>(v / block_px) * blocks_across_ + u / block_px];
  }
  /// First pixel to the right of the block of `u`.
  static int block_end(int u) { return (u / block_px + 1) * block_px; }
  /// Parts of the result, each of which needs an area of the frame not much larger than its own.
  const std::vector<Area>& tiles() const { return tiles_; }
  double source_px_per_px() const { return source_px_per_px_; }

 private:
  Plan(const Request& request, FrameMap map, const std::vector<Stretch>& stretches);
  static std::vector<Stretch> stretches_of(const Request& request, const FrameMap& map);

  const FrameMap map_;
  const int blocks_across_;
  int step_;
  KernelSet kernels_;
  std::vector<KernelPair> pairs_;
  std::vector<Area> tiles_;
  double source_px_per_px_;
};

}  // namespace nearfar::vision::resample
