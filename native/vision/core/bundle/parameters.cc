#include "parameters.h"

#include <algorithm>
#include <numeric>

namespace nearfar::vision::bundle {
namespace {

std::vector<int> all_or_none(int count, bool all) {
  std::vector<int> directions(static_cast<std::size_t>(all ? count : 0));
  std::iota(directions.begin(), directions.end(), 0);
  return directions;
}

std::vector<int> chosen(const std::array<bool, intrinsics_count>& free) {
  std::vector<int> directions;
  for (int i = 0; i < intrinsics_count; ++i) {
    if (free[static_cast<std::size_t>(i)]) directions.push_back(i);
  }
  return directions;
}

}  // namespace

Parameters::Parameters(const Problem& problem) {
  int owner = 0;
  for (const Camera& camera : problem.cameras) {
    add(BlockKind::intrinsics, owner, intrinsics_count, camera.intrinsics.data(), chosen(camera.free_intrinsics));
    add(BlockKind::camera_pose, owner, 7, state_of(camera.pose).data(), all_or_none(6, camera.free_pose));
    owner += 1;
  }
  owner = 0;
  for (const Board& board : problem.boards) {
    warps_.push_back(!board.warp ? -1
                                 : add(BlockKind::warp, owner, 2, board.warp->start_mm.data(),
                                       all_or_none(2, board.warp->free)));
    shapes_.push_back(board.shape_sigma_mm ? count() : -1);
    const std::array<double, 3> nominal{};
    for (int corner = 0; board.shape_sigma_mm && corner < board.corner_count(); ++corner) {
      add(BlockKind::shape, owner, 3, nominal.data(), all_or_none(3, true));
    }
    owner += 1;
  }
  views_ = count();
  owner = 0;
  for (const View& view : problem.views) {
    add(BlockKind::view_pose, owner++, 7, state_of(view.pose).data(), all_or_none(6, view.free_pose));
  }
}

int Parameters::free_count() const {
  return std::accumulate(blocks_.begin(), blocks_.end(), 0, [](int sum, const Block& block) {
    return sum + static_cast<int>(block.free.size());
  });
}

int Parameters::shape(int board, int corner) const {
  const int first = shapes_[static_cast<std::size_t>(board)];
  return first < 0 ? -1 : first + corner;
}

int Parameters::add(BlockKind kind, int owner, int size, const double* values, std::vector<int> free) {
  Block block{.kind = kind, .owner = owner, .size = size, .values = {}, .free = std::move(free)};
  std::copy_n(values, size, block.values.begin());
  blocks_.push_back(std::move(block));
  return count() - 1;
}

}  // namespace nearfar::vision::bundle
