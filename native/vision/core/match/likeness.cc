#include "likeness.h"

#include <algorithm>
#include <cmath>

namespace nearfar::vision::match {
namespace {

/// Slower changes than this are none of details', px of the level; and the window, as a Gaussian's sigma.
constexpr double detail_px = 5;
constexpr double window_px = 6;

/// Bilinear; false beyond the valid area.
bool value_at(const Level& level, const Place& place, float& value) {
  const int size = level.signal.size;
  if (!(place.x >= 0 && place.y >= 0 && place.x < size - 1 && place.y < size - 1)) return false;
  const int x = static_cast<int>(place.x), y = static_cast<int>(place.y);
  const float a = static_cast<float>(place.x - x), b = static_cast<float>(place.y - y);
  for (int k = 0; k < 4; k++) {
    if (level.weight.at(x + k % 2, y + k / 2) < 0.5F) return false;
  }
  value = (1 - b) * ((1 - a) * level.signal.at(x, y) + a * level.signal.at(x + 1, y)) +
          b * ((1 - a) * level.signal.at(x, y + 1) + a * level.signal.at(x + 1, y + 1));
  return true;
}

/// The field less its blur, where `use` is 1.
void keep_details(Plane& field, const Plane& use, const Plane& spread) {
  Plane slow = field;
  blur(slow, detail_px);
  for (std::size_t i = 0; i < field.values.size(); i++) {
    if (use.values[i] > 0) field.values[i] -= slow.values[i] / std::max(1e-6F, spread.values[i]);
  }
}

Plane windowed_product(const Plane& a, const Plane& b) {
  Plane product(a.size);
  for (std::size_t i = 0; i < product.values.size(); i++) product.values[i] = a.values[i] * b.values[i];
  blur(product, window_px);
  return product;
}

}  // namespace

Plane likeness_of(const Level& own, const Level& other, const Mapper& mapper, const Plane& depth) {
  const int size = depth.size;
  Plane use(size), here(size), there(size);
  for (int y = 0; y < size; y++) {
    for (int x = 0; x < size; x++) {
      float value = 0;
      if (own.weight.at(x, y) < 0.5F || !value_at(other, mapper(x, y, depth.at(x, y)), value)) continue;
      use.at(x, y) = 1;
      here.at(x, y) = own.signal.at(x, y);
      there.at(x, y) = value;
    }
  }
  Plane spread = use;
  blur(spread, detail_px);
  keep_details(here, use, spread);
  keep_details(there, use, spread);
  const Plane own_power = windowed_product(here, here), other_power = windowed_product(there, there);
  Plane likeness = windowed_product(here, there);
  for (std::size_t i = 0; i < likeness.values.size(); i++) {
    likeness.values[i] /= std::sqrt(std::max(1e-12F, own_power.values[i] * other_power.values[i]));
  }
  return likeness;
}

}  // namespace nearfar::vision::match
