#include "pyramid.h"

#include <algorithm>
#include <cmath>

namespace nearfar::vision::match {
namespace {

/// Of the brightness that half of the valid pixels exceed: as much is added below the root, so that black does not
/// count more than it knows.
constexpr double pedestal_share = 0.02;
/// Blur of full-size images: interpolation between pixels then costs no contrast.
constexpr double smoothing_px = 0.7;

bool is_valid(const Image& image, std::size_t pixel) { return (image.flags[pixel] & 1) != 0; }

float brightness(const Image& image, std::size_t pixel) {
  float sum = 0;
  for (int c = 0; c < image.channels; c++) sum += image.samples[pixel * image.channels + c];
  return sum;
}

double pedestal_of(const Image& image) {
  std::vector<float> values;
  for (std::size_t i = 0; i < image.flags.size(); i += 7) {
    if (is_valid(image, i)) values.push_back(brightness(image, i));
  }
  if (values.empty()) return 1;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return std::max(1.0, pedestal_share * *middle);
}

Level full_size(const Image& image, int size) {
  Level level{Plane(size), Plane(size)};
  const float pedestal = static_cast<float>(pedestal_of(image));
  for (std::size_t i = 0; i < image.flags.size(); i++) {
    if (!is_valid(image, i)) continue;
    level.weight.values[i] = 1;
    level.signal.values[i] = std::sqrt(brightness(image, i) + pedestal);
  }
  level.noise = noise_of(level.signal, level.weight);
  return level;
}

void smooth(Level& level) {
  Plane spread = level.weight;
  blur_exactly(level.signal, smoothing_px);
  blur_exactly(spread, smoothing_px);
  for (std::size_t i = 0; i < spread.values.size(); i++) {
    level.signal.values[i] = level.weight.values[i] > 0 ? level.signal.values[i] / spread.values[i] : 0;
  }
}

}  // namespace

double noise_of(const Plane& signal, const Plane& weight) {
  constexpr int block = 16;
  std::vector<double> sigmas;
  for (int top = 1; top + block < signal.size; top += block) {
    for (int left = 1; left + block < signal.size; left += block) {
      double sum = 0;
      int count = 0;
      for (int y = top; y < top + block; y++) {
        for (int x = left; x < left + block; x++) {
          double value = 0;
          bool whole = true;
          for (int dy = -1; dy <= 1; dy++) {
            for (int dx = -1; dx <= 1; dx++) {
              whole = whole && weight.at(x + dx, y + dy) >= 1;
              value += (dx == 0 ? 2 : -1) * (dy == 0 ? 2 : -1) * static_cast<double>(signal.at(x + dx, y + dy));
            }
          }
          if (!whole) continue;
          sum += value * value;
          count++;
        }
      }
      if (count == block * block) sigmas.push_back(std::sqrt(sum / count / 36));
    }
  }
  if (sigmas.empty()) return 0;
  const auto quartile = sigmas.begin() + static_cast<std::ptrdiff_t>(sigmas.size() / 4);
  std::nth_element(sigmas.begin(), quartile, sigmas.end());
  return *quartile;
}

Pyramid pyramid_of(const Image& image, int size, int levels) {
  Pyramid pyramid;
  pyramid.levels.push_back(full_size(image, size));
  smooth(pyramid.levels.front());
  for (int k = 1; k < levels; k++) {
    Level next;
    const Level& last = pyramid.levels.back();
    halve(last.signal, last.weight, next.signal, next.weight);
    next.noise = last.noise / 2;
    pyramid.levels.push_back(std::move(next));
  }
  return pyramid;
}

}  // namespace nearfar::vision::match
