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

template <std::size_t count>
void sum_terms(const std::array<float, 18>& weights, const std::array<float, count>& terms, float* light) {
  for (std::size_t row = 0; row < 3; ++row) {
    float sum = 0;
    for (std::size_t term = 0; term < count; ++term) sum += weights[row * count + term] * terms[term];
    light[row] = sum;
  }
}

void apply(const ColorStep& step, float* light) {
  const float r = light[0], g = light[1], b = light[2];
  if (step.terms == 3) {
    sum_terms<3>(step.weights, {r, g, b}, light);
  } else {
    sum_terms<6>(step.weights, {r, g, b, root_of_product(r, g), root_of_product(g, b), root_of_product(r, b)}, light);
  }
}

std::uint16_t rounded(float value) {
  // In this order what is not a number would become 0.
  return static_cast<std::uint16_t>(static_cast<int>(std::min(std::max(0.0F, value), greatest_stored) + 0.5F));
}

}  // namespace

Finish::Finish(const Request& request, const FrameMap& map)
    : request_(request), channels_(request.source.channels()) {
  if (!request.flat) return;
  columns_per_px_ = (request.flat->columns - 1.0) / std::max(1, map.upright_width_px() - 1);
  rows_per_px_ = (request.flat->rows - 1.0) / std::max(1, map.upright_height_px() - 1);
}

void Finish::store(Place upright, float* light, std::uint16_t* into) const {
  for (int channel = 0; channel < channels_; ++channel) light[channel] -= request_.dark[channel];
  if (request_.flat) flatten(upright, light);
  for (const ColorStep& step : request_.color) apply(step, light);
  const float white = static_cast<float>(request_.white);
  for (int channel = 0; channel < channels_; ++channel) into[channel] = rounded(light[channel] * white);
}

void Finish::flatten(Place upright, float* light) const {
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
