#include "visibility.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nearfar::vision::match {
namespace {

/// A place that is known no better than this is not known, px.
constexpr double greatest_sigma_px = 1.5;
/// Both sides may differ by this many of their joint sigmas and this much besides, px.
constexpr double agreement_sigmas = 3;
constexpr double agreement_px = 0.3;
constexpr double most_apart_px = 1;
/// Depths this near to the ends of the search are what the search was stopped at.
constexpr double edge_mm = 3;
constexpr double greatest_sigma_mm = 25;
/// Less than this noise reaches by chance: some 400 px at a quarter of full size make the correlation.
constexpr double least_likeness = 0.3;
/// What sigma is besides noise and smoothness, px, and by how much those of the plate are off on average: from virtual
/// heads with 3 and 6 % of skin texture at 45 cm.
constexpr double model_sigma_px = 0.05;
constexpr double sigma_scale = 0.8;

double value_at(const Plane& field, double x, double y) {
  const int left = std::clamp(static_cast<int>(x), 0, field.size - 2);
  const int top = std::clamp(static_cast<int>(y), 0, field.size - 2);
  const double a = std::clamp(x - left, 0.0, 1.0), b = std::clamp(y - top, 0.0, 1.0);
  return (1 - b) * ((1 - a) * field.at(left, top) + a * field.at(left + 1, top)) +
         b * ((1 - a) * field.at(left, top + 1) + a * field.at(left + 1, top + 1));
}

}  // namespace

Field<std::uint8_t> known_of(const Surface& surface, const Plane& weight, const Mapper& mapper, double from_mm,
                             double to_mm) {
  const int size = surface.depth_mm.size;
  Field<std::uint8_t> known(size, 0);
  for (int y = 0; y < size; y++) {
    for (int x = 0; x < size; x++) {
      const double h = surface.depth_mm.at(x, y), sigma_mm = sigma_scale * surface.sigma_mm.at(x, y);
      if (weight.at(x, y) < 1 || surface.likeness.at(x, y) < least_likeness || h < from_mm + edge_mm || h > to_mm - edge_mm) continue;
      const Place place = mapper(x, y, h);
      const double sigma_px = sigma_mm * std::hypot(place.dx, place.dy);
      known.at(x, y) = sigma_px <= greatest_sigma_px && sigma_mm <= greatest_sigma_mm ? 1 : 0;
    }
  }
  return known;
}

DepthView agreed(const Surface& own, const Surface& other, const Field<std::uint8_t>& own_known,
                 const Field<std::uint8_t>& other_known, const Mapper& mapper) {
  const int size = own.depth_mm.size;
  const std::size_t pixels = own.depth_mm.values.size();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  DepthView view{std::vector<float>(pixels, nan), std::vector<float>(pixels, nan), std::vector<float>(pixels, nan),
                 std::vector<float>(2 * pixels, nan), std::vector<std::uint8_t>(pixels, 2)};
  for (int y = 0; y < size; y++) {
    for (int x = 0; x < size; x++) {
      const std::size_t i = static_cast<std::size_t>(y) * size + x;
      if (own_known.values[i] == 0) continue;
      const double h = own.depth_mm.values[i];
      const Place place = mapper(x, y, h);
      const int column = static_cast<int>(std::lround(place.x)), row = static_cast<int>(std::lround(place.y));
      if (column < 0 || row < 0 || column >= size || row >= size || other_known.at(column, row) == 0) continue;
      const double speed = std::hypot(place.dx, place.dy);
      const double sigma_mm = sigma_scale * own.sigma_mm.values[i];
      const double sigma_px = std::hypot(sigma_mm * speed, model_sigma_px);
      const double there = value_at(other.depth_mm, place.x, place.y);
      const double there_sigma = sigma_scale * value_at(other.sigma_mm, place.x, place.y);
      const double joint_px = std::hypot(sigma_px, there_sigma * speed);
      if (std::abs(there - h) * speed > std::min(agreement_sigmas * joint_px, most_apart_px) + agreement_px) continue;
      view.depth_mm[i] = static_cast<float>(h);
      view.depth_sigma_mm[i] = static_cast<float>(std::max(sigma_mm, sigma_px / std::max(speed, 0.02)));
      view.sigma_px[i] = static_cast<float>(sigma_px);
      view.flow[2 * i] = static_cast<float>(place.x - x);
      view.flow[2 * i + 1] = static_cast<float>(place.y - y);
      view.visible[i] = 1;
    }
  }
  return view;
}

}  // namespace nearfar::vision::match
