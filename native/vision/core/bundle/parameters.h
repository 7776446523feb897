#pragma once

#include <array>
#include <vector>

#include "problem.h"
#include "rotation.h"

namespace nearfar::vision::bundle {

enum class BlockKind { intrinsics, camera_pose, warp, shape, view_pose };

/// Numbers that are moved together. Poses are held as `PoseState` and move along six directions: a turn δ that makes
/// R into exp(δ) R, and a shift.
struct Block {
  BlockKind kind;
  int owner;  ///< camera, board or view
  int size;
  std::array<double, 9> values{};
  std::vector<int> free;  ///< The directions that are solved for, ascending.

  double* data() { return values.data(); }
  const double* data() const { return values.data(); }
};

/// All numbers of a problem, in blocks that stay where they are.
class Parameters {
 public:
  explicit Parameters(const Problem& problem);

  Block& operator[](int block) { return blocks_[static_cast<std::size_t>(block)]; }
  const Block& operator[](int block) const { return blocks_[static_cast<std::size_t>(block)]; }
  int count() const { return static_cast<int>(blocks_.size()); }
  /// Directions of all blocks together.
  int free_count() const;

  int intrinsics(int camera) const { return 2 * camera; }
  int camera_pose(int camera) const { return 2 * camera + 1; }
  /// -1 for rigid boards.
  int warp(int board) const { return warps_[static_cast<std::size_t>(board)]; }
  /// -1 where places are exact.
  int shape(int board, int corner) const;
  int view_pose(int view) const { return views_ + view; }

 private:
  int add(BlockKind kind, int owner, int size, const double* values, std::vector<int> free);

  std::vector<Block> blocks_;
  std::vector<int> warps_, shapes_;
  int views_ = 0;
};

}  // namespace nearfar::vision::bundle
