#include "cameras/scene/plane_texture.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

#include "cameras/scene/image_level.h"
#include "cameras/scene/random.h"

namespace nearfar::rig {
namespace {

constexpr double kMeanShare = 0.40;
constexpr double kLeastShare = 0.05;
constexpr double kMostShare = 0.80;

struct Octave {
  /// Cells across the width of the image.
  double cells;
  double amplitude;
};
/// From large blotches down to a few px at 1280 px: enough detail at every scale to measure sharpness by.
constexpr Octave kOctaves[] = {{6, 0.12}, {24, 0.08}, {96, 0.06}, {240, 0.05}};

constexpr int kPatchCount = 90;

/// Where a sample falls between two lattice points, with a smooth weight.
struct LatticePlace {
  std::uint32_t index;
  float weight;
};

std::vector<LatticePlace> places_along(int count, double cells_per_px) {
  std::vector<LatticePlace> places(static_cast<std::size_t>(count));
  for (int i = 0; i < count; i++) {
    const double at = (i + 0.5) * cells_per_px;
    const double t = at - std::floor(at);
    places[static_cast<std::size_t>(i)] = {static_cast<std::uint32_t>(at), static_cast<float>(t * t * (3 - 2 * t))};
  }
  return places;
}

std::vector<float> lattice_row(std::uint64_t seed, std::uint32_t row, std::size_t count) {
  Random random(mix_seed({seed, row}));
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(2 * random.uniform() - 1);
  return values;
}

void add_octave(std::vector<float>& share, int width, int height, const Octave& octave, std::uint64_t seed) {
  const double cells_per_px = octave.cells / width;
  const auto columns = places_along(width, cells_per_px);
  const auto rows = places_along(height, cells_per_px);
  const std::size_t lattice_width = columns.back().index + 2u;
  const float amplitude = static_cast<float>(octave.amplitude);
  std::uint32_t top_row = 0;
  auto top = lattice_row(seed, 0, lattice_width);
  auto bottom = lattice_row(seed, 1, lattice_width);
  for (int y = 0; y < height; y++) {
    const LatticePlace& place = rows[static_cast<std::size_t>(y)];
    for (; top_row < place.index; top_row++) {
      top.swap(bottom);
      bottom = lattice_row(seed, top_row + 2, lattice_width);
    }
    float* out = share.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
    for (const LatticePlace& column : columns) {
      const float upper = top[column.index] + column.weight * (top[column.index + 1] - top[column.index]);
      const float lower = bottom[column.index] + column.weight * (bottom[column.index + 1] - bottom[column.index]);
      *out++ += amplitude * (upper + place.weight * (lower - upper));
    }
  }
}

/// Rectangles a little brighter or darker than what is under them: their borders are the hard edges.
void add_patches(std::vector<float>& share, int width, int height, std::uint64_t seed) {
  Random random(seed);
  for (int i = 0; i < kPatchCount; i++) {
    const double center_x = random.uniform();
    const double center_y = random.uniform();
    const double half_x = 0.01 + 0.05 * random.uniform();
    const double half_y = 0.01 + 0.05 * random.uniform();
    const float step = random.uniform() < 0.5 ? -0.10f : 0.10f;
    const int left = std::max(0, static_cast<int>((center_x - half_x) * width));
    const int right = std::min(width, static_cast<int>((center_x + half_x) * width));
    const int upper = std::max(0, static_cast<int>((center_y - half_y) * height));
    const int lower = std::min(height, static_cast<int>((center_y + half_y) * height));
    for (int y = upper; y < lower; y++) {
      float* row = share.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
      for (int x = left; x < right; x++) row[x] += step;
    }
  }
}

}  // namespace

PlaneTexture make_plane_texture(int width, int height, std::uint64_t seed) {
  std::vector<float> share(static_cast<std::size_t>(width) * static_cast<std::size_t>(height),
                           static_cast<float>(kMeanShare));
  std::uint64_t octave_number = 0;
  for (const Octave& octave : kOctaves) add_octave(share, width, height, octave, mix_seed({seed, ++octave_number}));
  add_patches(share, width, height, mix_seed({seed, ++octave_number}));

  PlaneTexture texture{width, height, std::vector<std::uint16_t>(share.size())};
  std::transform(share.begin(), share.end(), texture.levels.begin(), [](float value) {
    return level_of_share(std::clamp(static_cast<double>(value), kLeastShare, kMostShare));
  });
  return texture;
}

double color_ratio(PlaneChannel channel, double u, double v) {
  switch (channel) {
    case PlaneChannel::red:
      return 1.0 + 0.15 * std::sin(2 * std::numbers::pi * u);
    case PlaneChannel::blue:
      return 1.0 + 0.15 * std::sin(2 * std::numbers::pi * v);
    case PlaneChannel::green:
      break;
  }
  return 1.0;
}

}  // namespace nearfar::rig
