#pragma once

#include <cstddef>
#include <vector>

#include "simd.h"

namespace nearfar::vision::resample {

/// Lanczos' kernel of three lobes, stretched, at finely spaced places between two samples. Weights sum to 1.
class Kernel {
 public:
  /// @param stretch samples per pixel of the result, at least 1: what is finer than the result can show is averaged.
  explicit Kernel(double stretch);

  /// Samples on either side: those from floor(place) - reach + 1 to floor(place) + reach are weighted.
  int reach() const { return reach_; }
  int taps() const { return 2 * reach_; }
  /// A multiple of `lanes`, not less than `taps`; weights beyond `taps` are 0.
  int padded_taps() const { return padded_taps_; }
  /// @param share place less its floor, 0 to 1.
  const float* weights(double share) const {
    return &weights_[static_cast<std::size_t>(share * phases_ + 0.5) * padded_taps_];
  }

 private:
  int reach_;
  int padded_taps_;
  int phases_;
  std::vector<float> weights_;
};

/// Kernels for all stretches between two, in steps of a 64th of an octave.
class KernelSet {
 public:
  /// @throws std::invalid_argument when the greatest stretch is beyond sense.
  KernelSet(double least_stretch, double greatest_stretch);

  /// The kernel of the next step; that of the range's end for stretches outside.
  const Kernel& at(double stretch) const;
  int greatest_reach() const { return kernels_.back().reach(); }

 private:
  int first_;
  std::vector<Kernel> kernels_;
};

}  // namespace nearfar::vision::resample
