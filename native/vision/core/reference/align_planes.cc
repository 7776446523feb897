#include "align_planes.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "coarse_start.h"

namespace nearfar::vision::reference {
namespace {

constexpr int least_side_px = 32;
/// The coarsest plane is smaller than twice this.
constexpr int coarsest_side_px = 48;
/// Half the surroundings that contrast is measured against: this part of the smaller side, and so many px at least.
constexpr int surroundings_part = 32;
constexpr int least_surroundings_px = 24;

int smaller_side(const Plane& plane) { return std::min(plane.width, plane.height); }

Plane prepared(const Plane& plane) {
  return smoothed(contrast_of(plane, std::max(least_surroundings_px, smaller_side(plane) / surroundings_part)));
}

using Level = std::pair<Plane, Plane>;

/// Finest first.
std::vector<Level> levels_of(const Plane& fixed, const Plane& moving) {
  std::vector<Level> levels{{prepared(fixed), prepared(moving)}};
  while (std::min(smaller_side(levels.back().first), smaller_side(levels.back().second)) >= 2 * coarsest_side_px) {
    levels.emplace_back(halved(levels.back().first), halved(levels.back().second));
  }
  return levels;
}

/// From the coarsest level to the finest. @param homography of the coarsest.
Refined refine_through(const std::vector<Level>& levels, cv::Matx33d homography, const CancelFlag& flag) {
  for (std::size_t i = levels.size() - 1; i > 0; --i) {
    homography = doubled_homography(refine(levels[i].first, levels[i].second, homography, flag).homography);
  }
  return refine(levels[0].first, levels[0].second, homography, flag);
}

/// The better of two ways to begin, either of which may lead nowhere.
Refined better_of(const std::vector<Level>& levels, const cv::Matx33d& one, const cv::Matx33d& other,
                  const CancelFlag& flag) {
  std::optional<Refined> first;
  try {
    first = refine_through(levels, one, flag);
    const Refined second = refine_through(levels, other, flag);
    return second.correlation > first->correlation ? second : *first;
  } catch (const Undecided&) {
    return first ? *first : refine_through(levels, other, flag);
  }
}

}  // namespace

Refined align_planes(const Plane& fixed, const Plane& moving, const cv::Matx33d& start, bool search,
                     const CancelFlag& flag) {
  if (std::min(smaller_side(fixed), smaller_side(moving)) < least_side_px) {
    throw std::invalid_argument("images of at least 32 px a side are needed");
  }
  const std::vector<Level> levels = levels_of(fixed, moving);
  cv::Matx33d homography = start;
  for (std::size_t i = 1; i < levels.size(); ++i) homography = halved_homography(homography);
  if (!search) return refine_through(levels, homography, flag);
  const auto& [fixed_coarse, moving_coarse] = levels.back();
  return better_of(levels, homography, coarse_start(fixed_coarse, moving_coarse, homography, flag), flag);
}

}  // namespace nearfar::vision::reference
