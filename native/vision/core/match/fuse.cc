#include "fuse.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>

#include "../parallel.h"

namespace nearfar::vision::match {
namespace {

struct Estimate {
  double depth_mm;
  double sigma_mm;
};

void check(const FuseRequest& request) {
  const auto& [geometry, arm, depth_mm, depth_sigma_mm, prior] = request;
  const std::size_t pixels = static_cast<std::size_t>(std::max(geometry.size, 0)) * std::max(geometry.size, 0);
  const std::size_t cells = static_cast<std::size_t>(std::max(prior.columns, 0)) * std::max(prior.rows, 0);
  if (pixels == 0 || depth_mm.size() != pixels || depth_sigma_mm.size() != pixels) {
    throw std::invalid_argument("depths and their sigmas must have the size of the image");
  }
  if (cells == 0 || prior.depth_mm.size() != cells || prior.sigma_mm.size() != cells) {
    throw std::invalid_argument("the prior must have as many cells as its columns and rows say");
  }
  if (!(geometry.near_depth_mm > 0 && geometry.far_depth_mm > geometry.near_depth_mm)) {
    throw std::invalid_argument("the near pupil must be nearer than the far one");
  }
}

/// The two cells beside a pixel along one axis, and the share of the second.
struct Between {
  int first;
  int second;
  double share;
};

Between between(int pixel, int size, int cells) {
  const double place = std::clamp((pixel + 0.5) * cells / size - 0.5, 0.0, static_cast<double>(cells - 1));
  const int first = static_cast<int>(place);
  return {first, std::min(first + 1, cells - 1), place - first};
}

/// Bilinear over the cells that know something.
std::optional<Estimate> prior_at(const DepthPrior& prior, const Between& across, const Between& down) {
  double weights = 0, depth = 0, sigma = 0;
  for (int k = 0; k < 4; k++) {
    const std::size_t cell = static_cast<std::size_t>(k / 2 ? down.second : down.first) * prior.columns +
                             (k % 2 ? across.second : across.first);
    const double weight = (k / 2 ? down.share : 1 - down.share) * (k % 2 ? across.share : 1 - across.share);
    const double d = prior.depth_mm[cell], s = prior.sigma_mm[cell];
    if (!(weight > 0) || !std::isfinite(d) || !(s > 0) || !std::isfinite(s)) continue;
    weights += weight;
    depth += weight * d;
    sigma += weight * s;
  }
  if (weights < 0.5) return std::nullopt;
  return Estimate{depth / weights, sigma / weights};
}

std::optional<Estimate> joined(const std::optional<Estimate>& a, const std::optional<Estimate>& b) {
  if (!a) return b;
  if (!b) return a;
  const double u = 1 / (a->sigma_mm * a->sigma_mm), v = 1 / (b->sigma_mm * b->sigma_mm);
  return Estimate{(u * a->depth_mm + v * b->depth_mm) / (u + v), 1 / std::sqrt(u + v)};
}

}  // namespace

FusedView fuse(const FuseRequest& request, std::size_t threads, const CancelFlag& flag) {
  check(request);
  const int size = request.geometry.size;
  const std::size_t pixels = request.depth_mm.size();
  const Mapper mapper(request.geometry, request.arm);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  FusedView view{std::vector<float>(pixels, nan), std::vector<float>(pixels, nan), std::vector<float>(pixels, nan),
                 std::vector<float>(2 * pixels, nan)};
  for_each_index(threads, size, flag, [&](std::size_t row) {
    const int y = static_cast<int>(row);
    const Between down = between(y, size, request.prior.rows);
    for (int x = 0; x < size; x++) {
      const std::size_t i = row * size + x;
      std::optional<Estimate> measured;
      const double depth = request.depth_mm[i], sigma = request.depth_sigma_mm[i];
      if (std::isfinite(depth) && std::isfinite(sigma) && sigma > 0) measured = Estimate{depth, sigma};
      const auto fused = joined(measured, prior_at(request.prior, between(x, size, request.prior.columns), down));
      if (!fused || !(fused->depth_mm < request.geometry.near_depth_mm)) continue;
      const Place place = mapper(x, y, fused->depth_mm);
      view.depth_mm[i] = static_cast<float>(fused->depth_mm);
      view.depth_sigma_mm[i] = static_cast<float>(fused->sigma_mm);
      view.sigma_px[i] = static_cast<float>(fused->sigma_mm * std::hypot(place.dx, place.dy));
      view.flow[2 * i] = static_cast<float>(place.x - x);
      view.flow[2 * i + 1] = static_cast<float>(place.y - y);
    }
  });
  return view;
}

}  // namespace nearfar::vision::match
