#include "field.h"

#include <algorithm>
#include <cmath>

namespace nearfar::vision::match {

void halve(const Plane& fine, const Plane& weight, Plane& coarse, Plane& coarse_weight) {
  const int size = fine.size / 2;
  coarse = Plane(size);
  coarse_weight = Plane(size);
  for (int y = 0; y < size; y++) {
    for (int x = 0; x < size; x++) {
      float sum = 0, weights = 0;
      for (int k = 0; k < 4; k++) {
        const float w = weight.at(2 * x + k % 2, 2 * y + k / 2);
        sum += w * fine.at(2 * x + k % 2, 2 * y + k / 2);
        weights += w;
      }
      coarse.at(x, y) = weights > 0 ? sum / weights : 0;
      coarse_weight.at(x, y) = weights / 4;
    }
  }
}

namespace {

void box_row(const float* in, float* out, int size, int radius) {
  // Double: the running sum must not drift.
  double sum = 0;
  const double scale = 1.0 / (2 * radius + 1);
  for (int x = 0; x < std::min(radius, size); x++) sum += in[x];
  for (int x = 0; x < size; x++) {
    if (x + radius < size) sum += in[x + radius];
    out[x] = static_cast<float>(sum * scale);
    if (x - radius >= 0) sum -= in[x - radius];
  }
}

void box_columns(Plane& field, int radius) {
  const int size = field.size;
  const Plane in = field;
  const double scale = 1.0 / (2 * radius + 1);
  std::vector<double> sums(size, 0.0);
  for (int y = 0; y < std::min(radius, size); y++) {
    const float* row = in.row(y);
    for (int x = 0; x < size; x++) sums[x] += row[x];
  }
  for (int y = 0; y < size; y++) {
    if (y + radius < size) {
      const float* row = in.row(y + radius);
      for (int x = 0; x < size; x++) sums[x] += row[x];
    }
    float* out = field.row(y);
    for (int x = 0; x < size; x++) out[x] = static_cast<float>(sums[x] * scale);
    if (y - radius >= 0) {
      const float* row = in.row(y - radius);
      for (int x = 0; x < size; x++) sums[x] -= row[x];
    }
  }
}

}  // namespace

void blur(Plane& field, double sigma_px) {
  // Variance of a box of width w is (w² - 1) / 12; three of them add up.
  const int radius = std::max(1, static_cast<int>(std::lround((std::sqrt(4 * sigma_px * sigma_px + 1) - 1) / 2)));
  std::vector<float> line(field.size);
  for (int y = 0; y < field.size; y++) {
    box_row(field.row(y), line.data(), field.size, radius);
    box_row(line.data(), field.row(y), field.size, radius);
    box_row(field.row(y), line.data(), field.size, radius);
    std::copy(line.begin(), line.end(), field.row(y));
  }
  for (int pass = 0; pass < 3; pass++) box_columns(field, radius);
}

void blur_exactly(Plane& field, double sigma_px) {
  const int radius = static_cast<int>(std::ceil(3 * sigma_px));
  std::vector<float> taps(2 * radius + 1);
  float sum = 0;
  for (int k = -radius; k <= radius; k++) {
    taps[k + radius] = static_cast<float>(std::exp(-0.5 * k * k / (sigma_px * sigma_px)));
    sum += taps[k + radius];
  }
  for (float& tap : taps) tap /= sum;
  const int size = field.size;
  std::vector<float> padded(size + 2 * radius, 0.0F);
  for (int y = 0; y < size; y++) {
    std::copy(field.row(y), field.row(y) + size, padded.begin() + radius);
    float* out = field.row(y);
    for (int x = 0; x < size; x++) out[x] = 0;
    for (int k = 0; k <= 2 * radius; k++) {
      for (int x = 0; x < size; x++) out[x] += taps[k] * padded[x + k];
    }
  }
  const Plane in = field;
  for (int y = 0; y < size; y++) {
    float* out = field.row(y);
    for (int x = 0; x < size; x++) out[x] = 0;
    for (int k = -radius; k <= radius; k++) {
      if (y + k < 0 || y + k >= size) continue;
      const float* row = in.row(y + k);
      for (int x = 0; x < size; x++) out[x] += taps[k + radius] * row[x];
    }
  }
}

Plane doubled(const Plane& coarse, int fine_size) {
  Plane fine(fine_size);
  const int last = coarse.size - 1;
  for (int y = 0; y < fine_size; y++) {
    const float v = std::clamp(0.5F * static_cast<float>(y) - 0.25F, 0.0F, static_cast<float>(last));
    const int y0 = std::min(static_cast<int>(v), last), y1 = std::min(y0 + 1, last);
    const float b = v - static_cast<float>(y0);
    for (int x = 0; x < fine_size; x++) {
      const float u = std::clamp(0.5F * static_cast<float>(x) - 0.25F, 0.0F, static_cast<float>(last));
      const int x0 = std::min(static_cast<int>(u), last), x1 = std::min(x0 + 1, last);
      const float a = u - static_cast<float>(x0);
      fine.at(x, y) = (1 - b) * ((1 - a) * coarse.at(x0, y0) + a * coarse.at(x1, y0)) +
                      b * ((1 - a) * coarse.at(x0, y1) + a * coarse.at(x1, y1));
    }
  }
  return fine;
}

}  // namespace nearfar::vision::match
