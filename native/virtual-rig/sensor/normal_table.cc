#include "sensor/normal_table.h"

#include <cmath>
#include <numbers>

namespace nearfar::rig {
namespace {

double density(double z) { return std::exp(-0.5 * z * z) / std::sqrt(2 * std::numbers::pi); }
/// Share of the distribution above z.
double upper_share(double z) { return 0.5 * std::erfc(z / std::numbers::sqrt2); }

}  // namespace

NormalTable::NormalTable() : values_(kCount) {
  constexpr int kNewtonSteps = 4;
  double z = 0, square_sum = 0;
  for (std::size_t i = kCount / 2; i < kCount; ++i) {
    const double share = (static_cast<double>(kCount - i) - 0.5) / kCount;
    // The neighbour's value is close enough for Newton's method to converge.
    for (int step = 0; step < kNewtonSteps; ++step) z += (upper_share(z) - share) / density(z);
    values_[i] = static_cast<float>(z);
    square_sum += 2 * z * z;
  }
  const auto to_unit_variance = static_cast<float>(1 / std::sqrt(square_sum / kCount));
  for (std::size_t i = kCount / 2; i < kCount; ++i) {
    values_[i] *= to_unit_variance;
    values_[kCount - 1 - i] = -values_[i];
  }
}

}  // namespace nearfar::rig
