#include "finish.h"

#include <algorithm>
#include <cmath>

namespace nearfar::vision::resample {
namespace {

constexpr float greatest_stored = 65535;

struct Node {
  int before;
  /// Of the way to the next one.
  float share;
};

Node node_at(double px, double nodes_per_px, int nodes) {
  const double at = std::clamp(px * nodes_per_px, 0.0, nodes - 1.0);
  const int before = std::min(static_cast<int>(at), nodes - 2);
  return {before, static_cast<float>(at - before)};
}

float root_of_product(float a, float b) { return std::sqrt(std::max(a * b, 0.0F)); }

/// @param columns weights of one term each, for the three results.
void apply(const std::array<Quad, 6>& columns, int terms, Quad& light) {
  const float r = light[0], g = light[1], b = light[2];
  light = columns[0] * r + columns[1] * g + columns[2] * b;
  if (terms == 3) return;
  light += columns[3] * root_of_product(r, g);
  light += columns[4] * root_of_product(g, b);
  light += columns[5] * root_of_product(r, b);
}

using Integers = std::int32_t __attribute__((vector_size(quad_lanes * sizeof(std::int32_t))));

Integers rounded(const Quad& light) {
  // In this order what is not a number becomes 0.
  Quad clamped = light > 0.0F ? light : Quad{};
  clamped = clamped < greatest_stored ? clamped : Quad{} + greatest_stored;
  return __builtin_convertvector(clamped + 0.5F, Integers);
}

}  // namespace

Finish::Finish(const Request& request, const FrameMap& map, const Decoding& decoding)
    : request_(request), map_(map), channels_(request.source.channels()), scale_(decoding.scale()),
      offset_(decoding.offset()), dark_{request.dark[0], request.dark[1], request.dark[2], 0} {
  for (const ColorStep& step : request.color) {
    std::array<Quad, 6>& columns = columns_.emplace_back();
    for (int term = 0; term < step.terms; ++term) {
      const float* const first = step.weights.data() + term;
      columns[term] = Quad{first[0], first[step.terms], first[2 * step.terms], 0.0F};
    }
  }
  if (!request.flat) return;
  columns_per_px_ = (request.flat->columns - 1.0) / std::max(1, map.upright_width_px() - 1);
  rows_per_px_ = (request.flat->rows - 1.0) / std::max(1, map.upright_height_px() - 1);
}

void Finish::store_row(int u, int v, int count, const Footprints& footprints, const float* sums,
                       std::uint16_t* into) const {
  const auto white = static_cast<float>(request_.white);
  for (int i = 0; i < count; ++i) {
    if (footprints.row[i] < 0) continue;
    Quad light;
    load(light, sums + static_cast<std::ptrdiff_t>(i) * quad_lanes);
    light = light * scale_ + offset_ - dark_;
    if (request_.flat) flatten(map_.upright(u + i, v), light);
    for (std::size_t step = 0; step < columns_.size(); ++step) {
      apply(columns_[step], request_.color[step].terms, light);
    }
    const Integers words = rounded(light * white);
    std::uint16_t* const pixel = into + static_cast<std::ptrdiff_t>(i) * channels_;
    pixel[0] = static_cast<std::uint16_t>(words[0]);
    if (channels_ == 1) continue;
    pixel[1] = static_cast<std::uint16_t>(words[1]);
    pixel[2] = static_cast<std::uint16_t>(words[2]);
  }
}

void Finish::flatten(Place upright, Quad& light) const {
  const Flat& flat = *request_.flat;
  const Node column = node_at(upright.x, columns_per_px_, flat.columns);
  const Node row = node_at(upright.y, rows_per_px_, flat.rows);
  const float* const above = &flat.gains[(static_cast<std::size_t>(row.before) * flat.columns + column.before) * 3];
  const float* const below = above + static_cast<std::ptrdiff_t>(flat.columns) * 3;
  for (int channel = 0; channel < channels_; ++channel) {
    const float upper = above[channel] + column.share * (above[channel + 3] - above[channel]);
    const float lower = below[channel] + column.share * (below[channel + 3] - below[channel]);
    light[channel] *= upper + row.share * (lower - upper);
  }
}

}  // namespace nearfar::vision::resample
