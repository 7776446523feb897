#include "plane.h"

#include <algorithm>

namespace nearfar::vision::reference {
namespace {

const cv::Matx33d full_of_half(2, 0, 0.5, 0, 2, 0.5, 0, 0, 1);
const cv::Matx33d half_of_full(0.5, 0, -0.25, 0, 0.5, -0.25, 0, 0, 1);

Plane empty_like(int width, int height) {
  const std::size_t count = static_cast<std::size_t>(width) * height;
  return {width, height, std::vector<float>(count), std::vector<std::uint8_t>(count)};
}

/// Sums over the rectangle from the origin, one row and one column wider than the picture.
class SummedArea {
 public:
  explicit SummedArea(const Plane& plane) : stride_(plane.width + 1) {
    const std::size_t count = stride_ * (plane.height + 1);
    sums_.resize(count);
    counts_.resize(count);
    for (int y = 0; y < plane.height; ++y) {
      double sum = 0;
      std::int64_t number = 0;
      for (int x = 0; x < plane.width; ++x) {
        const std::size_t at = plane.index(x, y);
        if (plane.valid[at]) {
          sum += plane.samples[at];
          ++number;
        }
        const std::size_t below = stride_ * (y + 1) + x + 1;
        sums_[below] = sums_[below - stride_] + sum;
        counts_[below] = counts_[below - stride_] + number;
      }
    }
  }

  double mean(int left, int top, int right, int bottom) const {
    const auto over = [&](const auto& values) {
      return values[stride_ * bottom + right] - values[stride_ * top + right] - values[stride_ * bottom + left] +
             values[stride_ * top + left];
    };
    const auto count = over(counts_);
    return count > 0 ? over(sums_) / static_cast<double>(count) : 0;
  }

 private:
  std::size_t stride_;
  std::vector<double> sums_;
  std::vector<std::int64_t> counts_;
};

}  // namespace

Plane contrast_of(const Plane& plane, int radius) {
  const SummedArea area(plane);
  Plane contrast = empty_like(plane.width, plane.height);
  for (int y = 0; y < plane.height; ++y) {
    const int top = std::max(0, y - radius);
    const int bottom = std::min(plane.height, y + radius + 1);
    for (int x = 0; x < plane.width; ++x) {
      const std::size_t at = plane.index(x, y);
      if (!plane.valid[at]) continue;
      const double mean =
          area.mean(std::max(0, x - radius), top, std::min(plane.width, x + radius + 1), bottom);
      if (!(mean > 0)) continue;
      contrast.samples[at] = static_cast<float>(plane.samples[at] / mean - 1);
      contrast.valid[at] = 1;
    }
  }
  return contrast;
}

Plane smoothed(const Plane& plane) {
  Plane result = empty_like(plane.width, plane.height);
  for (int y = 0; y < plane.height; ++y) {
    for (int x = 0; x < plane.width; ++x) {
      const std::size_t at = plane.index(x, y);
      if (!plane.valid[at]) continue;
      float sum = 0;
      float weights = 0;
      for (int row = std::max(0, y - 1); row <= std::min(plane.height - 1, y + 1); ++row) {
        for (int column = std::max(0, x - 1); column <= std::min(plane.width - 1, x + 1); ++column) {
          const std::size_t near = plane.index(column, row);
          if (!plane.valid[near]) continue;
          const float weight = static_cast<float>((row == y ? 2 : 1) * (column == x ? 2 : 1));
          sum += weight * plane.samples[near];
          weights += weight;
        }
      }
      result.samples[at] = sum / weights;
      result.valid[at] = 1;
    }
  }
  return result;
}

Plane halved(const Plane& plane) {
  Plane half = empty_like(plane.width / 2, plane.height / 2);
  for (int y = 0; y < half.height; ++y) {
    for (int x = 0; x < half.width; ++x) {
      const std::size_t above = plane.index(2 * x, 2 * y);
      const std::size_t below = above + plane.width;
      if (!plane.valid[above] || !plane.valid[above + 1] || !plane.valid[below] || !plane.valid[below + 1]) continue;
      const std::size_t at = half.index(x, y);
      half.samples[at] = (plane.samples[above] + plane.samples[above + 1] + plane.samples[below] +
                          plane.samples[below + 1]) /
                         4;
      half.valid[at] = 1;
    }
  }
  return half;
}

cv::Matx33d halved_homography(const cv::Matx33d& homography) { return half_of_full * homography * full_of_half; }

cv::Matx33d doubled_homography(const cv::Matx33d& homography) { return full_of_half * homography * half_of_full; }

}  // namespace nearfar::vision::reference
