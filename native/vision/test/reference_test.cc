#include "reference_test.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include "../core/reference/align_planes.h"

namespace nearfar::vision::test {
namespace {

using reference::align_planes;
using reference::Plane;
using reference::Refined;

constexpr int side = 192;
const cv::Matx33d truth(1.04, 0.012, -6, -0.01, 1.03, 4, 3e-5, -2e-5, 1);

/// Waves of many lengths, the shortest 7 px, in many directions.
double light_at(double x, double y) {
  double sum = 0;
  for (int k = 1; k <= 22; ++k) {
    const double per_px = 0.015 * std::pow(1.2, k);
    sum += std::sin(per_px * (x * std::cos(2.4 * k) + y * std::sin(2.4 * k)) + 1.7 * k);
  }
  return 1 + 0.06 * sum;
}

Plane plane_of(const std::function<double(double, double)>& light, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, 0.005);
  Plane plane{side, side, std::vector<float>(side * side), std::vector<std::uint8_t>(side * side, 1)};
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      plane.samples[plane.index(x, y)] = static_cast<float>(light(x, y) + noise(random));
    }
  }
  return plane;
}

/// Darker, and darker still towards its edges.
double moving_light(double x, double y) {
  const cv::Vec3d there = truth.inv() * cv::Vec3d(x, y, 1);
  const double away = std::hypot(x - side / 2.0, y - side / 2.0) / side;
  return 0.7 * light_at(there[0] / there[2], there[1] / there[2]) * (1 - 0.4 * away * away);
}

double worst_error_px(const cv::Matx33d& found) {
  double worst = 0;
  for (int y = 8; y < side - 8; y += 8) {
    for (int x = 8; x < side - 8; x += 8) {
      const cv::Vec3d a = truth * cv::Vec3d(x, y, 1);
      const cv::Vec3d b = found * cv::Vec3d(x, y, 1);
      worst = std::max(worst, std::hypot(a[0] / a[2] - b[0] / b[2], a[1] / a[2] - b[1] / b[2]));
    }
  }
  return worst;
}

void finds_the_homography() {
  const Plane fixed = plane_of(light_at, 1);
  const Plane moving = plane_of(moving_light, 2);
  const Refined found = align_planes(fixed, moving, cv::Matx33d::eye(), true, {});
  testing::expect_near(worst_error_px(found.homography), 0, 0.3, "worst error of the homography, px");
  expect(found.correlation > 0.97, "the planes correlate");
  expect(found.overlap > 0.8, "the planes overlap");
}

void leaves_out_what_is_not_valid_or_in_the_way() {
  const Plane fixed = plane_of(light_at, 3);
  Plane moving = plane_of([](double x, double y) { return x > 130 && y > 120 ? 3 : moving_light(x, y); }, 4);
  for (int y = 0; y < 40; ++y) {
    for (int x = 0; x < side; ++x) {
      moving.samples[moving.index(x, y)] = 1e6F;
      moving.valid[moving.index(x, y)] = 0;
    }
  }
  const Refined found = align_planes(fixed, moving, cv::Matx33d::eye(), true, {});
  testing::expect_near(worst_error_px(found.homography), 0, 1, "worst error of the homography, px");
}

void says_when_there_is_nothing_to_see() {
  const Plane blank{side, side, std::vector<float>(side * side, 1), std::vector<std::uint8_t>(side * side, 1)};
  testing::expect_error<reference::Undecided>(
      "texture", [&] { align_planes(blank, blank, cv::Matx33d::eye(), true, {}); });
  Plane hidden = plane_of(light_at, 5);
  std::fill(hidden.valid.begin(), hidden.valid.end(), std::uint8_t{0});
  testing::expect_error<reference::Undecided>(
      "overlap", [&] { align_planes(hidden, hidden, cv::Matx33d::eye(), false, {}); });
  const Plane tiny{8, 8, std::vector<float>(64, 1), std::vector<std::uint8_t>(64, 1)};
  expect_refused("32 px", [&] { align_planes(tiny, tiny, cv::Matx33d::eye(), false, {}); });
}

void ends_when_cancelled() {
  const Plane fixed = plane_of(light_at, 6);
  CancelFlag flag;
  flag.cancel();
  testing::expect_error<Cancelled>("cancelled",
                                   [&] { align_planes(fixed, fixed, cv::Matx33d::eye(), true, flag); });
}

}  // namespace

void test_references(Suite& suite) {
  suite.run("a flat pair tells its homography", finds_the_homography);
  suite.run("what is not valid or in the way is left out", leaves_out_what_is_not_valid_or_in_the_way);
  suite.run("a flat pair without texture or overlap is refused", says_when_there_is_nothing_to_see);
  suite.run("the search ends when cancelled", ends_when_cancelled);
}

}  // namespace nearfar::vision::test
