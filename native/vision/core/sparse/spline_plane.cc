#include "spline_plane.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace nearfar::vision::sparse {
namespace {

/// Beyond the Gaussian, for the tails of the spline's own filter (0.27 to the power of the distance).
constexpr int spline_margin_px = 4;

/// Color to one channel. Green has half the samples of a mosaic, so these weights come near to the least noise.
std::vector<float> gray_of(const match::Image& image, std::size_t pixels) {
  std::vector<float> gray(pixels);
  for (std::size_t i = 0; i < pixels; ++i) {
    const std::uint16_t* const sample = &image.samples[i * static_cast<std::size_t>(image.channels)];
    gray[i] = image.channels == 1 ? static_cast<float>(sample[0])
                                  : 0.25F * static_cast<float>(sample[0]) + 0.5F * static_cast<float>(sample[1]) +
                                        0.25F * static_cast<float>(sample[2]);
  }
  return gray;
}

std::vector<double> gaussian(double sigma_px, int radius_px) {
  std::vector<double> taps;
  double sum = 0;
  for (int i = -radius_px; i <= radius_px; ++i) {
    sum += taps.emplace_back(std::exp(-0.5 * i * i / (sigma_px * sigma_px)));
  }
  for (double& tap : taps) tap /= sum;
  return taps;
}

void smooth_line(std::vector<double>& line, const std::vector<double>& taps) {
  const int radius = static_cast<int>(taps.size()) / 2;
  const int length = static_cast<int>(line.size());
  const std::vector<double> source = line;
  for (int i = 0; i < length; ++i) {
    double sum = 0;
    for (int k = -radius; k <= radius; ++k) {
      const auto at = static_cast<std::size_t>(std::clamp(i + k, 0, length - 1));
      sum += taps[static_cast<std::size_t>(k + radius)] * source[at];
    }
    line[static_cast<std::size_t>(i)] = sum;
  }
}

/// Samples to coefficients of the interpolating cubic B-spline (Unser, Aldroubi, Eden 1993), mirrored at the ends.
void spline_line(std::vector<double>& line) {
  const double pole = std::sqrt(3.0) - 2;
  const std::size_t length = line.size();
  double start = line[0], power = pole;
  for (std::size_t i = 1; i < std::min<std::size_t>(length, 30); ++i, power *= pole) start += power * line[i];
  line[0] = start;
  for (std::size_t i = 1; i < length; ++i) line[i] += pole * line[i - 1];
  line[length - 1] = pole / (pole * pole - 1) * (line[length - 1] + pole * line[length - 2]);
  for (std::size_t i = length - 1; i-- > 0;) line[i] = pole * (line[i + 1] - line[i]);
  for (double& value : line) value *= 6;
}

/// Rows, then columns.
void filter(std::vector<float>& pixels, std::size_t size, const std::vector<double>& taps) {
  std::vector<double> line(size);
  for (const auto& [along, across] : {std::pair<std::size_t, std::size_t>{1, size}, {size, 1}}) {
    for (std::size_t i = 0; i < size; ++i) {
      float* const first = &pixels[i * across];
      for (std::size_t k = 0; k < size; ++k) line[k] = first[k * along];
      smooth_line(line, taps);
      spline_line(line);
      for (std::size_t k = 0; k < size; ++k) first[k * along] = static_cast<float>(line[k]);
    }
  }
}

/// 1 where all pixels within the radius, square, are valid, unclipped and inside.
std::vector<std::uint8_t> good_pixels(const std::vector<std::uint8_t>& flags, std::size_t size, int radius) {
  std::vector<std::uint8_t> good(flags.size());
  std::transform(flags.begin(), flags.end(), good.begin(), [](std::uint8_t flag) { return (flag & 3) == 1 ? 1 : 0; });
  const int length = static_cast<int>(size);
  for (const auto& [along, across] : {std::pair<std::size_t, std::size_t>{1, size}, {size, 1}}) {
    for (std::size_t i = 0; i < size; ++i) {
      std::uint8_t* const first = &good[i * across];
      int run = 0;
      // A pixel is good when the run of good ones that ends `radius` beyond it is long enough.
      std::vector<std::uint8_t> line(size, 0);
      for (int k = 0; k < length; ++k) {
        run = first[static_cast<std::size_t>(k) * along] ? run + 1 : 0;
        if (run > 2 * radius) line[static_cast<std::size_t>(k - radius)] = 1;
      }
      for (std::size_t k = 0; k < size; ++k) first[k * along] = line[k];
    }
  }
  return good;
}

struct SplineWeights {
  std::array<double, 4> value, slope;
};

SplineWeights spline_weights(double t) {
  const double u = 1 - t;
  return {{u * u * u / 6, (4 - 6 * t * t + 3 * t * t * t) / 6, (4 - 6 * u * u + 3 * u * u * u) / 6, t * t * t / 6},
          {-u * u / 2, (3 * t * t - 4 * t) / 2, (4 * u - 3 * u * u) / 2, t * t / 2}};
}

}  // namespace

SplinePlane::SplinePlane(const match::Image& image, int size_px, double blur_px) : size_px_(size_px) {
  const auto size = static_cast<std::size_t>(size_px);
  const int radius = static_cast<int>(std::ceil(3 * blur_px));
  coefficients_ = gray_of(image, size * size);
  filter(coefficients_, size, gaussian(blur_px, radius));
  good_ = good_pixels(image.flags, size, radius + spline_margin_px);
}

bool SplinePlane::is_good(double x, double y) const {
  if (!(x >= 0 && y >= 0 && x < size_px_ - 1 && y < size_px_ - 1)) return false;
  // The four pixels around: the margin of each holds what the spline reaches beyond.
  const auto size = static_cast<std::size_t>(size_px_);
  const std::uint8_t* const first = &good_[static_cast<std::size_t>(y) * size + static_cast<std::size_t>(x)];
  return first[0] && first[1] && first[size] && first[size + 1];
}

Sample SplinePlane::at(double x, double y) const {
  const double left = std::floor(x), top = std::floor(y);
  const SplineWeights across = spline_weights(x - left), down = spline_weights(y - top);
  const auto size = static_cast<std::size_t>(size_px_);
  const float* row = &coefficients_[(static_cast<std::size_t>(top) - 1) * size + static_cast<std::size_t>(left) - 1];
  Sample sample;
  for (std::size_t j = 0; j < 4; ++j, row += size) {
    double value = 0, slope = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      value += across.value[i] * row[i];
      slope += across.slope[i] * row[i];
    }
    sample.value += down.value[j] * value;
    sample.dx += down.value[j] * slope;
    sample.dy += down.slope[j] * value;
  }
  return sample;
}

}  // namespace nearfar::vision::sparse
