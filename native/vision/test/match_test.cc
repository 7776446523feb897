#include "match_test.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "../core/match/fuse.h"
#include "../core/match/radial_match.h"
#include "match_scene.h"

namespace nearfar::vision::test {
namespace {

using match::Arm;
using match::DepthView;
using match::Mapper;
using match::Match;
using match::Place;

double bump(double x, double y) {
  const double across = (x - 130) / 60, down = (y - 120) / 60;
  return 25 * std::exp(-across * across - down * down) - 12;
}

/// A square that stands 60 mm before what is behind it.
double step(double x, double y) { return std::abs(x - 110) < 50 && std::abs(y - 128) < 70 ? 25 : -35; }

Match matched(const MatchScene& scene, std::size_t threads = 1) {
  return match::match_radially(scene.request, threads, CancelFlag());
}

double kept_share(const DepthView& view) {
  const auto kept = std::count_if(view.depth_mm.begin(), view.depth_mm.end(), [](float h) { return std::isfinite(h); });
  return static_cast<double>(kept) / static_cast<double>(view.depth_mm.size());
}

struct Errors {
  double kept = 0;
  double median_px = 0;
  double mean_px = 0;
  double normalised_rms = 0;
};

/// Of near's flow, 12 px from the border on.
Errors errors_of(const MatchScene& scene, const DepthView& view) {
  const int size = scene.request.geometry.size;
  const Mapper mapper(scene.request.geometry, Arm::near);
  std::vector<double> found;
  double squares = 0;
  int looked_at = 0;
  for (int y = 12; y < size - 12; y++) {
    for (int x = 12; x < size - 12; x++) {
      const std::size_t i = static_cast<std::size_t>(y) * size + x;
      const Place place = mapper(x, y, scene.near_depth_mm(x, y));
      if (place.x < 12 || place.x > size - 12 || place.y < 12 || place.y > size - 12) continue;
      looked_at++;
      if (!std::isfinite(view.depth_mm[i])) continue;
      const double error = std::hypot(view.flow[2 * i] + x - place.x, view.flow[2 * i + 1] + y - place.y);
      found.push_back(error);
      squares += error * error / (view.sigma_px[i] * view.sigma_px[i]);
    }
  }
  if (found.empty()) return {};
  const double count = static_cast<double>(found.size());
  double sum = 0;
  for (const double error : found) sum += error;
  const auto middle = found.begin() + static_cast<std::ptrdiff_t>(found.size() / 2);
  std::nth_element(found.begin(), middle, found.end());
  return {count / looked_at, *middle, sum / count, std::sqrt(squares / count)};
}

void expect_good(const Errors& errors) {
  const std::string what = "kept " + std::to_string(errors.kept) + " median " + std::to_string(errors.median_px) +
                           " mean " + std::to_string(errors.mean_px) + " normalised " +
                           std::to_string(errors.normalised_rms);
  expect(errors.kept > 0.85 && errors.median_px < 0.12 && errors.mean_px < 0.2, what);
  expect(errors.normalised_rms > 0.25 && errors.normalised_rms < 1.4, what);
}

void a_bump_is_measured_with_its_sigma() {
  const MatchScene scene = match_scene({.near_gain = 0.8}, bump);
  const Match found = matched(scene);
  expect_good(errors_of(scene, found.near));
  double sum = 0;
  int count = 0;
  for (std::size_t i = 0; i < found.far.depth_mm.size(); i++) {
    if (!std::isfinite(found.far.depth_mm[i]) || scene.far_hidden.values[i]) continue;
    sum += std::abs(found.far.depth_mm[i] - scene.far_depth_mm.values[i]);
    count++;
  }
  expect(count > 40000 && sum / count < 0.8, "far: " + std::to_string(sum / count) + " mm of " + std::to_string(count));
}

void rig_errors_are_taken_into_account() {
  const SceneOptions options{.errors = {0.8, -0.6, 0.002, 1.5, -2}};
  const MatchScene scene = match_scene(options, bump);
  expect_good(errors_of(scene, matched(scene).near));
}

void nothing_is_claimed_where_nothing_is_to_be_seen() {
  const MatchScene scene = match_scene({.texture = 0}, [](double, double) { return 0.0; });
  const Match found = matched(scene);
  for (const DepthView* view : {&found.near, &found.far}) {
    expect(kept_share(*view) < 0.03, "of noise " + std::to_string(kept_share(*view)) + " was kept");
  }
}

void pictures_of_different_things_do_not_match() {
  MatchScene scene = match_scene({}, bump);
  std::reverse(scene.request.far.samples.begin(), scene.request.far.samples.end());
  const double share = kept_share(matched(scene).near);
  expect(share < 0.1, std::to_string(share) + " was kept");
}

void masks_are_kept_out() {
  MatchScene scene = match_scene({}, bump);
  const int size = scene.request.geometry.size;
  for (int y = 0; y < size; y++) {
    for (int x = 0; x < 100; x++) {
      const std::size_t i = static_cast<std::size_t>(y) * size + x;
      scene.request.near.flags[i] = 0;
      scene.request.near.samples[i] = 65535;
    }
  }
  const Match found = matched(scene);
  for (int y = 0; y < size; y++) {
    for (int x = 0; x < 100; x++) {
      const std::size_t i = static_cast<std::size_t>(y) * size + x;
      expect(std::isnan(found.near.depth_mm[i]) && std::isnan(found.near.flow[2 * i]), "depth outside the mask");
      expect_equal(static_cast<int>(found.near.visible[i]), 2, "visibility outside the mask");
    }
  }
  expect(errors_of(scene, found.near).mean_px < 0.2, "what is left is as good");
}

void what_a_step_hides_is_not_measured() {
  const MatchScene scene = match_scene({}, step);
  const Match found = matched(scene);
  int hidden = 0, hidden_kept = 0, hidden_said = 0, wrong = 0, seen = 0;
  const int size = scene.request.geometry.size;
  for (int y = 40; y < size - 40; y++) {
    for (int x = 40; x < size - 40; x++) {
      const std::size_t i = static_cast<std::size_t>(y) * size + x;
      const bool said = found.far.visible[i] == 0;
      if (scene.far_hidden.values[i]) {
        hidden++;
        hidden_kept += std::isfinite(found.far.depth_mm[i]);
        hidden_said += said;
      } else {
        seen++;
        wrong += said;
      }
    }
  }
  const std::string what = std::to_string(hidden) + " hidden, " + std::to_string(hidden_kept) + " kept, " +
                           std::to_string(hidden_said) + " said to be; " + std::to_string(wrong) + " wrong of " +
                           std::to_string(seen);
  expect(hidden > 1000 && hidden_kept < 0.1 * hidden && hidden_said > 0.5 * hidden && wrong < 0.05 * seen, what);
}

bool same(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

void threads_do_not_change_the_result() {
  const MatchScene scene = match_scene({}, bump);
  const Match one = matched(scene, 1), two = matched(scene, 2);
  expect(same(one.near.depth_mm, two.near.depth_mm) && same(one.far.sigma_px, two.far.sigma_px) &&
             same(one.near.flow, two.near.flow) && one.far.visible == two.far.visible,
         "the results differ");
}

void cancelled_matches_end() {
  const CancelFlag flag;
  flag.cancel();
  const MatchScene scene = match_scene({.size = 64}, bump);
  testing::expect_error<Cancelled>("cancelled", [&] { match::match_radially(scene.request, 2, flag); });
}

void impossible_requests_are_refused() {
  MatchScene scene = match_scene({.size = 64}, bump);
  scene.request.to_mm = 500;
  expect_refused("before the near pupil", [&] { matched(scene); });
  scene = match_scene({.size = 64}, bump);
  scene.request.far.flags.pop_back();
  expect_refused("size", [&] { matched(scene); });
}

void both_depths_are_joined_by_their_variance() {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  match::FuseRequest request;
  request.geometry = match_scene({.size = 64}, bump).request.geometry;
  request.depth_mm.assign(64 * 64, nan);
  request.depth_sigma_mm.assign(64 * 64, nan);
  request.depth_mm[0] = 10;
  request.depth_sigma_mm[0] = 3;
  request.depth_mm[63] = 5;
  request.depth_sigma_mm[63] = 2;
  request.prior = {2, 1, {20, nan}, {4, nan}};
  const match::FusedView view = match::fuse(request, 2, CancelFlag());
  testing::expect_near(view.depth_mm[0], (10 / 9.0 + 20 / 16.0) / (1 / 9.0 + 1 / 16.0), 1e-4, "both");
  testing::expect_near(view.depth_sigma_mm[0], 2.4, 1e-5, "sigma of both");
  testing::expect_near(view.depth_mm[63], 5, 0, "measured alone");
  testing::expect_near(view.depth_mm[64], 20, 0, "the prior alone");
  expect(std::isnan(view.depth_mm[62]) && std::isnan(view.flow[2 * 62]), "neither");
  const Place place = Mapper(request.geometry, Arm::near)(0, 0, view.depth_mm[0]);
  testing::expect_near(view.flow[0], place.x, 1e-4, "flow");
  testing::expect_near(view.sigma_px[0], 2.4 * std::hypot(place.dx, place.dy), 1e-4, "sigma of the flow");
  request.prior.rows = 3;
  expect_refused("cells", [&] { match::fuse(request, 1, CancelFlag()); });
}

}  // namespace

void test_radial_match(Suite& suite) {
  suite.run("a bump is measured with its sigma", a_bump_is_measured_with_its_sigma);
  suite.run("rig errors are taken into account", rig_errors_are_taken_into_account);
  suite.run("nothing is claimed where nothing is to be seen", nothing_is_claimed_where_nothing_is_to_be_seen);
  suite.run("pictures of different things do not match", pictures_of_different_things_do_not_match);
  suite.run("masks are kept out", masks_are_kept_out);
  suite.run("what a step hides is not measured", what_a_step_hides_is_not_measured);
  suite.run("threads do not change the result", threads_do_not_change_the_result);
  suite.run("cancelled matches end", cancelled_matches_end);
  suite.run("impossible requests are refused", impossible_requests_are_refused);
  suite.run("both depths are joined by their variance", both_depths_are_joined_by_their_variance);
}

}  // namespace nearfar::vision::test
