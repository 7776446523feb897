#include "sparse_test.h"

#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <random>

#include "../core/sparse/flow_sparsely.h"

namespace nearfar::vision::test {
namespace {

using match::Geometry;
using sparse::Node;
using sparse::Request;

constexpr int size_px = 224;
constexpr double noise_share = 0.004;

/// Even in [0, 1), the same on every machine.
double share(std::mt19937& random) { return static_cast<double>(random()) / 4294967296.0; }

double normal(std::mt19937& random) {
  const double radius = std::sqrt(-2 * std::log(1 - share(random)));
  return radius * std::cos(2 * std::numbers::pi * share(random));
}

/// Waves of 5 to 25 px in all directions, 5 % rms about 0.3 of white.
class Texture {
 public:
  Texture() {
    std::mt19937 random(7);
    for (int i = 0; i < waves; ++i) {
      const double angle = 2 * std::numbers::pi * share(random), length_px = 5 + 20 * share(random);
      const double phase = 2 * std::numbers::pi * share(random);
      waves_[i] = {2 * std::numbers::pi * std::cos(angle) / length_px,
                   2 * std::numbers::pi * std::sin(angle) / length_px, phase};
    }
  }
  double at(double x, double y) const {
    double sum = 0;
    for (const auto& [kx, ky, phase] : waves_) sum += std::cos(kx * x + ky * y + phase);
    return 0.3 * (1 + 0.05 * sum * std::sqrt(2.0 / waves));
  }

 private:
  static constexpr int waves = 60;
  struct Wave {
    double kx, ky, phase;
  };
  Wave waves_[waves];
};

/// A slope with a dent, mm towards the cameras, by near pixel.
double depth_at(double x, double y) {
  return 15 + 0.12 * (x - 112) - 0.08 * (y - 112) + 5 * std::cos(x / 30) * std::cos(y / 25);
}

Geometry geometry() { return {size_px, 3.4, 60, 150, 300, 1600, {}}; }

/// The near pixel that the far camera shows at a place.
std::pair<double, double> near_of(const match::Mapper& to_far, double far_x, double far_y) {
  double x = far_x, y = far_y;
  for (int i = 0; i < 40; ++i) {
    const match::Place place = to_far(x, y, depth_at(x, y));
    x += far_x - place.x;
    y += far_y - place.y;
  }
  return {x, y};
}

match::Image image_of(std::uint32_t seed, const std::function<double(int, int)>& value_at) {
  std::mt19937 random(seed);
  match::Image image;
  for (int y = 0; y < size_px; ++y) {
    for (int x = 0; x < size_px; ++x) {
      const double value = value_at(x, y) + noise_share * normal(random);
      image.samples.push_back(static_cast<std::uint16_t>(std::lround(32768 * value)));
      image.flags.push_back(1);
    }
  }
  return image;
}

/// What a rig with these errors sees, the far image a fifth darker; asked for as if it had none.
Request request_with(const match::RigErrors& errors, std::uint32_t seed) {
  const Texture texture;
  Geometry seen = geometry();
  seen.errors = errors;
  const match::Mapper to_far(seen, match::Arm::near);
  Request request{.near = image_of(seed, [&](int x, int y) { return texture.at(x, y); }),
                  .far = image_of(seed + 1,
                                  [&](int x, int y) {
                                    const auto [near_x, near_y] = near_of(to_far, x, y);
                                    return 0.8 * texture.at(near_x, near_y) + 0.02;
                                  }),
                  .geometry = geometry(),
                  .depth_mm = {},
                  .step_px = 12,
                  .window_px = 31};
  for (int y = 0; y < size_px; ++y) {
    for (int x = 0; x < size_px; ++x) request.depth_mm.push_back(static_cast<float>(depth_at(x, y)));
  }
  return request;
}

struct Errors {
  double mean_x = 0, mean_y = 0, normalised_rms = 0;
  std::size_t nodes = 0;
};

Errors errors_of(const std::vector<Node>& nodes, const match::RigErrors& truth) {
  Geometry seen = geometry();
  seen.errors = truth;
  const match::Mapper to_far(seen, match::Arm::near);
  Errors errors{.nodes = nodes.size()};
  const double count = static_cast<double>(nodes.size());
  for (const Node& node : nodes) {
    const match::Place place = to_far(node.near.x, node.near.y, depth_at(node.near.x, node.near.y));
    const double x = node.far.x - place.x, y = node.far.y - place.y;
    errors.mean_x += x / count;
    errors.mean_y += y / count;
    const double determinant = node.xx * node.yy - node.xy * node.xy;
    errors.normalised_rms += (node.yy * x * x - 2 * node.xy * x * y + node.xx * y * y) / determinant / 2 / count;
  }
  errors.normalised_rms = std::sqrt(errors.normalised_rms);
  return errors;
}

std::vector<Node> flow(const Request& request, std::size_t threads = 2) {
  return sparse::flow_sparsely(request, threads, CancelFlag());
}

void nodes_are_unbiased_and_their_sigma_is_right() {
  for (const std::uint32_t seed : {1U, 11U, 21U}) {
    const Errors errors = errors_of(flow(request_with({}, seed)), {});
    expect(errors.nodes > 120, "nodes");
    testing::expect_near(errors.mean_x, 0, 0.01, "mean error in x");
    testing::expect_near(errors.mean_y, 0, 0.01, "mean error in y");
    testing::expect_near(errors.normalised_rms, 1, 0.2, "normalised error");
  }
}

void rig_errors_show() {
  const match::RigErrors truth{1.5, -0.8, 4e-3, 1.6, -2.2};
  const Errors errors = errors_of(flow(request_with(truth, 5)), truth);
  expect(errors.nodes > 120, "nodes");
  testing::expect_near(errors.mean_x, 0, 0.02, "mean error in x");
  testing::expect_near(errors.mean_y, 0, 0.02, "mean error in y");
  testing::expect_near(errors.normalised_rms, 1, 0.35, "normalised error");
}

void threads_do_not_matter() {
  const Request request = request_with({}, 3);
  const auto one = flow(request, 1), three = flow(request, 3);
  expect_equal(one.size(), three.size(), "nodes");
  for (std::size_t i = 0; i < one.size(); ++i) {
    expect(one[i].far == three[i].far && one[i].xx == three[i].xx && one[i].misfit == three[i].misfit, "node");
  }
}

bool any_beyond(const std::vector<Node>& nodes, double x) {
  for (const Node& node : nodes) {
    if (node.near.x > x) return true;
  }
  return false;
}

/// Applies a change to the right half of the near image; no node there may be left.
void expect_none_right(const std::string& what, double beyond,
                       const std::function<void(Request&, std::size_t)>& change) {
  Request request = request_with({}, 9);
  for (int y = 0; y < size_px; ++y) {
    for (int x = size_px / 2; x < size_px; ++x) change(request, static_cast<std::size_t>(y * size_px + x));
  }
  const auto nodes = flow(request);
  expect(nodes.size() > 30, what + ": nodes on the left");
  expect(!any_beyond(nodes, beyond), what + ": nodes on the right");
}

void what_cannot_be_matched_is_left_out() {
  const double middle = size_px / 2.0;
  expect_none_right("unknown depth", middle, [](Request& request, std::size_t i) {
    request.depth_mm[i] = std::numeric_limits<float>::quiet_NaN();
  });
  expect_none_right("invalid", middle, [](Request& request, std::size_t i) { request.near.flags[i] = 0; });
  expect_none_right("clipped", middle, [](Request& request, std::size_t i) { request.near.flags[i] = 3; });
  std::mt19937 random(4);
  expect_none_right("no texture", middle + 16, [&](Request& request, std::size_t i) {
    for (match::Image* const image : {&request.near, &request.far}) {
      image->samples[i] = static_cast<std::uint16_t>(10000 + 32768 * noise_share * normal(random));
    }
  });
}

void windows_across_a_step_are_left_out() {
  Request request = request_with({}, 13);
  for (int y = 0; y < size_px; ++y) {
    for (int x = size_px / 2; x < size_px; ++x) request.depth_mm[static_cast<std::size_t>(y * size_px + x)] -= 15;
  }
  for (const Node& node : flow(request)) expect(std::abs(node.near.x - size_px / 2.0) > 13, "node at the step");
}

void impossible_requests_are_refused() {
  Request request = request_with({}, 1);
  request.window_px = 30;
  expect_refused("windowPx", [&] { flow(request); });
  request.window_px = 31;
  request.depth_mm.pop_back();
  expect_refused("depthMap has 50175 entries", [&] { flow(request); });
  request.depth_mm.push_back(0);
  request.geometry.near_depth_mm = 0;
  expect_refused("nearDepthMm", [&] { flow(request); });
}

void cancelling_ends_it() {
  const CancelFlag flag;
  flag.cancel();
  testing::expect_error<Cancelled>("cancelled",
                                   [&] { sparse::flow_sparsely(request_with({}, 1), 2, flag); });
}

}  // namespace

void test_sparse_flow(Suite& suite) {
  suite.run("sparse flow: unbiased, sigma right", nodes_are_unbiased_and_their_sigma_is_right);
  suite.run("sparse flow: rig errors show", rig_errors_show);
  suite.run("sparse flow: threads do not matter", threads_do_not_matter);
  suite.run("sparse flow: what cannot be matched is left out", what_cannot_be_matched_is_left_out);
  suite.run("sparse flow: windows across a step are left out", windows_across_a_step_are_left_out);
  suite.run("sparse flow: impossible requests are refused", impossible_requests_are_refused);
  suite.run("sparse flow: cancelling ends it", cancelling_ends_it);
}

}  // namespace nearfar::vision::test
