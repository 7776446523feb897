#pragma once

#include <vector>

#include "field.h"
#include "request.h"

namespace nearfar::vision::match {

struct Level {
  Plane signal;
  Plane weight;  ///< share of valid samples, 0 … 1
  double noise = 0;
};

/// An image as it is compared: the sum of its channels under a square root, which makes shot noise even over bright
/// and dark, from full size downwards.
struct Pyramid {
  std::vector<Level> levels;
};

Pyramid pyramid_of(const Image& image, int size, int levels);

/// Standard deviation of white noise, from second differences in both directions (Immerkær, CVIU 64(2), 1996), by
/// the lower quartile over blocks, so that texture does not count.
double noise_of(const Plane& signal, const Plane& weight);

}  // namespace nearfar::vision::match
