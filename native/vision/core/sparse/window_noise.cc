#include "window_noise.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace nearfar::vision::sparse {
namespace {

constexpr std::size_t greatest_bins = 8, least_windows_per_bin = 20;
/// What interpolation, demosaicing and the shape of the surface inside the window leave on the best texture (from pairs
/// of the virtual rig).
constexpr double floor_px = 0.012;
/// A window that leaves this much more variance than its like shows something that changed, not noise.
constexpr double usual_excess = 2;

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Bartlett's: keeps a sum over lags from becoming negative.
double taper(const Lag& lag) {
  constexpr double reach = greatest_lag_px + 1;
  return (1 - std::abs(lag.x) / reach) * (1 - lag.y / reach);
}

cv::Matx22d symmetric(const cv::Vec3d& entries) { return {entries[0], entries[1], entries[1], entries[2]}; }

}  // namespace

WindowNoise::WindowNoise(const std::vector<Found>& found) {
  std::vector<std::size_t> order(found.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return found[a].match.mean < found[b].match.mean; });
  const std::size_t bins = std::clamp<std::size_t>(found.size() / least_windows_per_bin, 1, greatest_bins);
  for (std::size_t bin = 0; bin < bins; ++bin) {
    std::vector<double> means, variances;
    for (std::size_t i = bin * order.size() / bins; i < (bin + 1) * order.size() / bins; ++i) {
      means.push_back(found[order[i]].match.mean);
      variances.push_back(found[order[i]].match.variance);
    }
    means_.push_back(median_of(std::move(means)));
    variances_.push_back(median_of(std::move(variances)));
  }
  double total = 0;
  for (const Found& window : found) {
    const double variance = window.match.variance;
    if (!(variance > 0 && variance < usual_excess * variance_at(window.match.mean))) continue;
    for (std::size_t k = 0; k < lag_count; ++k) correlations_[k] += window.match.residual_products[k] / variance;
    ++total;
  }
  for (double& correlation : correlations_) correlation /= std::max(1.0, total);
  // The variance alone where there is nothing to learn from.
  correlations_[0] = 1;
}

double WindowNoise::variance_at(double mean) const {
  const auto above = std::upper_bound(means_.begin(), means_.end(), mean);
  if (above == means_.begin()) return variances_.front();
  if (above == means_.end()) return variances_.back();
  const auto i = static_cast<std::size_t>(above - means_.begin());
  const double share = (mean - means_[i - 1]) / (means_[i] - means_[i - 1]);
  return (1 - share) * variances_[i - 1] + share * variances_[i];
}

cv::Matx22d WindowNoise::covariance_of(const WindowMatch& match) const {
  cv::Vec3d noise, own;
  for (std::size_t k = 0; k < lag_count; ++k) {
    const double times = k == 0 ? 1 : 2;
    noise += times * correlations_[k] * match.weight_products[k];
    own += times * taper(lags[k]) * match.score_products[k];
  }
  noise *= std::max(match.variance, variance_at(match.mean));
  const cv::Matx22d scores = symmetric(noise);
  const double excess = 0.5 * cv::trace(scores.inv() * symmetric(own));
  const cv::Matx22d inverse = match.sensitivity.inv();
  return std::max(1.0, excess) * (inverse * scores * inverse.t()) + floor_px * floor_px * cv::Matx22d::eye();
}

}  // namespace nearfar::vision::sparse
