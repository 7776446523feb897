#pragma once

#include <cstddef>
#include <vector>

#include "simd.h"

namespace nearfar::vision::resample {

/// Lanczos' kernel of three lobes, stretched, at finely spaced places between two samples. Weights sum to 1.
class Kernel {
 public:
  /// @param stretch samples per pixel of the result, at least 1: what is finer than the result can show is averaged.
  /// @param repeats times that each weight stands in a row of weights.
  Kernel(double stretch, int repeats);

  /// Samples on either side: those from floor(place) - reach + 1 to floor(place) + reach are weighted.
  int reach() const { return reach_; }
  int taps() const { return 2 * reach_; }
  /// Places between two samples, of which the last is the next sample's own.
  int phases() const { return phases_; }
  /// @param phase place less its floor in phases, 0 to `phases`.
  /// @returns `taps` weights, each `repeats` times, then zeros up to a multiple of `lanes`.
  const float* weights(int phase) const { return &weights_[static_cast<std::size_t>(phase) * row_length_]; }

 private:
  int reach_;
  int row_length_;
  int phases_;
  std::vector<float> weights_;
};

/// Kernels for all stretches between two, in steps of a 64th of an octave.
class KernelSet {
 public:
  /// @throws std::invalid_argument when the greatest stretch is beyond sense.
  KernelSet(double least_stretch, double greatest_stretch, int repeats);

  /// The kernel of the next step; that of the range's end for stretches outside.
  const Kernel& at(double stretch) const;
  int greatest_reach() const { return kernels_.back().reach(); }

 private:
  int first_;
  std::vector<Kernel> kernels_;
};

}  // namespace nearfar::vision::resample
