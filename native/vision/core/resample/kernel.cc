#include "kernel.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace nearfar::vision::resample {
namespace {

constexpr double lobes = 3;
/// A place is rounded to a 1024th of the stretch, half of which is far below what anyone can measure.
constexpr double places_per_stretch = 1024;
constexpr double steps_per_octave = 64;
constexpr double greatest_stretch_px = 256;

double sinc(double t) {
  const double angle = std::numbers::pi * t;
  return std::abs(angle) < 1e-9 ? 1 : std::sin(angle) / angle;
}

/// Duchon 1979, "Lanczos filtering in one and two dimensions".
double lanczos(double t) { return std::abs(t) < lobes ? sinc(t) * sinc(t / lobes) : 0; }

int step_of(double stretch) {
  return static_cast<int>(std::lround(steps_per_octave * std::log2(std::max(stretch, 1.0))));
}

}  // namespace

Kernel::Kernel(double stretch, int repeats)
    : reach_(static_cast<int>(std::ceil(lobes * stretch))),
      row_length_((2 * reach_ * repeats + lanes - 1) / lanes * lanes),
      phases_(std::max(16, static_cast<int>(places_per_stretch / stretch))),
      weights_(static_cast<std::size_t>(phases_ + 1) * row_length_, 0.0F) {
  std::vector<double> row(taps());
  for (int phase = 0; phase <= phases_; ++phase) {
    double sum = 0;
    for (int tap = 0; tap < taps(); ++tap) {
      const double distance = tap - reach_ + 1 - static_cast<double>(phase) / phases_;
      row[tap] = lanczos(distance / stretch);
      sum += row[tap];
    }
    float* into = &weights_[static_cast<std::size_t>(phase) * row_length_];
    for (const double weight : row) into = std::fill_n(into, repeats, static_cast<float>(weight / sum));
  }
}

KernelSet::KernelSet(double least_stretch, double greatest_stretch, int repeats) : first_(step_of(least_stretch)) {
  if (!(greatest_stretch <= greatest_stretch_px)) {
    throw std::invalid_argument("the map shrinks parts of the frame more than 256 times as much as others");
  }
  const int last = std::max(first_, step_of(greatest_stretch));
  for (int step = first_; step <= last; ++step) {
    kernels_.emplace_back(std::exp2(step / steps_per_octave), repeats);
  }
}

const Kernel& KernelSet::at(double stretch) const {
  const int index = step_of(stretch) - first_;
  return kernels_[std::clamp(index, 0, static_cast<int>(kernels_.size()) - 1)];
}

}  // namespace nearfar::vision::resample
