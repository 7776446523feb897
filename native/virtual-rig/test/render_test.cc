// Light, time and the running of the tracer on small images, against what photometry says.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <future>
#include <iterator>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "render/dice.h"
#include "render/recent.h"
#include "test/render_fixture.h"
#include "test/suites.h"

namespace nearfar::rig::test {
namespace {

using namespace render_fixture;

void even_white_has_the_analytic_signal() {
  const Renderer::Options options = small(real_optics());
  Renderer renderer(options);
  const CameraSensitivity camera = camera_sensitivity("a");
  for (const Arm arm : kArms) {
    const auto optics = renderer.arm_optics(flat_world(), arm);
    const Spectrum seen_as = continuous_light() * camera.mono;
    const float middle = dot(optics->paths({127.5, 159.5}, {}).main->weight, seen_as);
    const SignalImage image = frame(renderer, flat_world(), arm);
    for (const auto& [x, y] : {std::pair{128, 160}, {5, 7}, {250, 20}, {30, 300}}) {
      const PixelPaths paths = optics->paths({static_cast<double>(x), static_cast<double>(y)}, {});
      const float weight = dot(paths.main->weight, seen_as) + dot(paths.ghost->weight, seen_as);
      expect_near(at(image, x, y), 0.75 * weight / middle, 1e-4, "white at " + std::to_string(x));
    }
  }
}

void studio_light_is_as_bright_as_even_light_in_the_middle() {
  Renderer renderer(small(clean_optics()));
  World world = target_world("chessboard-9x6");
  world.T_rig_target = Rigid{{}, {0, 110, kEyePlane}};
  const double even = at(frame(renderer, world, Arm::far), 128, 160);
  world.light.kind = LightSpec::Kind::studio;
  expect_near(at(frame(renderer, world, Arm::far), 128, 160) / even, 1, 0.02, "studio over even");
}

void signal_is_linear_in_exposure() {
  Renderer renderer(small(real_optics()));
  World world = target_world("charuco-a4");
  world.light.kind = LightSpec::Kind::studio;
  const SignalImage full = frame(renderer, world, Arm::near);
  for (const double share : {0.02, 0.4, 3.0}) {
    const SignalImage image = frame(renderer, world, Arm::near, exposing(0.005 * share));
    for (std::size_t i = 0; i < image.values.size(); ++i)
      expect_near(image.values[i], share * static_cast<double>(full.values[i]), 1e-6 * share, "signal");
  }
}

void strobe_counts_with_the_part_inside_the_exposure() {
  Renderer renderer(small(clean_optics()));
  World world = flat_world();
  world.light.continuous = 0;
  world.light.strobe = 0.8;
  const auto signal = [&](double strobe_s) {
    return at(frame(renderer, world, Arm::far, {.length_s = 0.002, .strobe_s = strobe_s}), 128, 160);
  };
  expect_near(signal(0.001), 0.75 * 0.8, 1e-4, "inside");
  expect_near(signal(0.0018), 0.75 * 0.8 * 0.4, 1e-4, "cut off by the end");
  expect_near(signal(-0.0004), 0.75 * 0.8 * 0.2, 1e-4, "cut off by the beginning");
  expect_near(signal(0.0021), 0, 0, "outside");
}

/// A white sheet (the board's back) that moves along x.
World moving_sheet(double velocity_mm_s) {
  World world = target_world("charuco-small");
  world.T_rig_target = Rigid{rotation_about({0, 180 * kRadPerDeg, 0}), {0, 0, kEyePlane}};
  world.motion.kind = MotionSpec::Kind::linear;
  world.motion.velocity_mm_s = {velocity_mm_s, 0, 0};
  world.samples_per_pixel = 16;
  return world;
}

double centroid_x(const SignalImage& image) {
  const double wall = at(image, 3, 3);
  double sum = 0, moment = 0;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const double bright = at(image, x, y) - wall;
      if (bright < 0.02) continue;
      sum += bright;
      moment += bright * x;
    }
  }
  return moment / sum;
}

/// Image scale of a rig without distortion or rotation, px per mm of the eye plane.
double px_per_mm(const Renderer& renderer, Arm arm) {
  const auto optics = renderer.arm_optics(World{}, arm);
  const Vec2 a = *optics->project({-20, 0, kEyePlane}), b = *optics->project({20, 0, kEyePlane});
  return (b.x - a.x) / 40;
}

RigOptics straight_optics() {
  RigOptics optics = clean_optics();
  optics.plate.present = false;
  for (CameraOptics* camera : {&optics.near, &optics.far}) {
    camera->distortion = {};
    camera->rotation_deg = {};
    camera->pupil_offset_mm = {};
  }
  return optics;
}

void strobe_freezes_what_moves() {
  Renderer renderer(small(straight_optics()));
  World world = moving_sheet(400);
  ExposureTimes times{.length_s = 0.01, .strobe_s = 0.009, .strobe_length_s = 0.0002};
  const double continuous = centroid_x(frame(renderer, world, Arm::far, times));
  world.light.continuous = 0;
  world.light.strobe = 1;
  const double strobe = centroid_x(frame(renderer, world, Arm::far, times));
  const double expected = 400 * (0.0091 - 0.005) * px_per_mm(renderer, Arm::far);
  expect_near(strobe - continuous, expected, 0.02, "shift between strobe and mean time");
}

/// Where the sheet's left edge lies in a row, from how much of the row's left half the sheet covers.
double edge_x(const SignalImage& image, int y) {
  const double dark = at(image, 2, y), bright = at(image, image.width / 2, y);
  double covered = 0;
  for (int x = 0; x < image.width / 2; ++x) covered += (at(image, x, y) - dark) / (bright - dark);
  return image.width / 2 - 0.5 - covered;
}

void rolling_shutter_shears() {
  RigOptics optics = straight_optics();
  optics.far.row_time_us = 50;
  for (const bool up : {false, true}) {
    optics.far.curtain_up = up;
    Renderer renderer(small(optics));
    const SignalImage image = frame(renderer, moving_sheet(500), Arm::far, exposing(0.0001));
    const double per_row = 500 * 50e-6 * px_per_mm(renderer, Arm::far) * (up ? -1 : 1);
    expect_near(edge_x(image, 210) - edge_x(image, 110), 100 * per_row, 0.15, up ? "shear, curtain up" : "shear");
  }
}

void movement_blurs() {
  Renderer renderer(small(straight_optics()));
  const SignalImage image = frame(renderer, moving_sheet(500), Arm::far, exposing(0.02));
  double mean = 0, square = 0, sum = 0;
  for (int y = 130; y < 190; ++y) {
    // Near the edge only: far away the lens's falloff weighs in.
    const int middle = static_cast<int>(std::lround(edge_x(image, y)));
    for (int x = middle - 9; x <= middle + 9; ++x) {
      const double step = at(image, x, y) - at(image, x - 1, y);
      sum += step;
      mean += step * x;
      square += step * x * x;
    }
  }
  const double width = std::sqrt(12 * (square / sum - mean * mean / (sum * sum)));
  expect_near(width, 0.02 * 500 * px_per_mm(renderer, Arm::far), 0.2, "width of the blurred edge");
}

void same_world_same_pixels() {
  World world = target_world("charuco-a4");
  world.light.kind = LightSpec::Kind::studio;
  Renderer first(small(real_optics())), second(small(real_optics()));
  SignalImage a, b;
  std::thread other([&] { a = frame(first, world, Arm::near); });
  const SignalImage far = frame(first, world, Arm::far);
  other.join();
  b = frame(second, world, Arm::near);
  expect(a.values == b.values, "two renderers agree to the last bit");
  expect(far.values == frame(second, world, Arm::far).values, "in the far view too");
}

void frames_have_sampling_noise_of_their_own() {
  RigOptics optics = straight_optics();
  optics.near = optics.far;
  optics.near.focal_lengths = {{1370, 180 * 1370.0 / 1600}};
  Renderer renderer(small(optics));
  World world = target_world("charuco-a4");
  const auto noise = [&](Arm arm, std::uint64_t seed, int samples) {
    world.samples_per_pixel = samples;
    FrameRequest request;
    request.arm = arm;
    request.sampling_seed = seed;
    return renderer.render(*renderer.stage(world), request);
  };
  const SignalImage mean = noise(Arm::far, 0, 64), first = noise(Arm::far, 1, 2), again = noise(Arm::far, 1, 2),
                    second = noise(Arm::far, 2, 2);
  expect(first.values == again.values, "a seed is a frame");
  double square_a = 0, square_b = 0, product = 0;
  for (std::size_t i = 0; i < mean.values.size(); ++i) {
    const double a = first.values[i] - mean.values[i], b = second.values[i] - mean.values[i];
    square_a += a * a;
    square_b += b * b;
    product += a * b;
  }
  expect_near(product / std::sqrt(square_a * square_b), 0, 0.1, "correlation of two frames' sampling noise");
  // Both arms look at the same board from the same side; only the samples' places could make them differ so.
  world.distance_mm = 1370;
  expect(noise(Arm::near, 1, 1).values != noise(Arm::far, 1, 1).values, "each arm has its own");
}

void objects_stand_on_the_eye_plane() {
  RigOptics optics = straight_optics();
  optics.far_distance_mm = 900;
  optics.far.focal_lengths = {{900, 100}};
  Renderer renderer(small(optics));
  World world = target_world("charuco-a4");
  expect_near(StageProbe(renderer.stage(world), 0).hit({{0, 0, 0}, {0, 0, 1}}), 900, 1, "board");
  world.kind = SceneKind::subject;
  expect_near(StageProbe(renderer.stage(world), 0).pose().translation.z, 900, 1e-9, "subject");
}

void too_large_meshes_are_refused() {
  const auto edge = [](float length) {
    std::vector<ShapeVertex> vertices(3);
    vertices[1].position.x = vertices[2].position.y = length;
    std::vector<ShapeTriangle> triangles{{{0, 1, 2}, 0}};
    dice(vertices, triangles, 10);
    return triangles.size();
  };
  expect(edge(1000) > 5000 && edge(1000) < 40'000, "a metre is divided");
  for (const float length : {1e5F, 1e30F, std::numeric_limits<float>::quiet_NaN()})
    expect_error<AssetError>("too large", [&] { edge(length); });
}

void building_one_thing_holds_up_no_other() {
  Recent<int> recent(2);
  std::promise<void> begun, go_on;
  std::thread slow([&] {
    recent.get("slow", [&] {
      begun.set_value();
      go_on.get_future().wait();
      return std::make_shared<const int>(1);
    });
  });
  begun.get_future().wait();
  auto waiting = std::async(std::launch::async, [&] {
    return *recent.get("slow", [] { return std::make_shared<const int>(-1); });
  });
  expect(*recent.get("quick", [] { return std::make_shared<const int>(2); }) == 2, "another key does not wait");
  expect(waiting.wait_for(std::chrono::milliseconds(20)) == std::future_status::timeout, "the same one does");
  go_on.set_value();
  slow.join();
  expect(waiting.get() == 1, "and gets what was built");
  const auto fails = []() -> std::shared_ptr<const int> { throw AssetError("no such thing"); };
  expect_error<AssetError>("no such thing", [&] { recent.get("broken", fails); });
  expect(*recent.get("broken", [] { return std::make_shared<const int>(3); }) == 3, "a failure is not kept");
}

void window_is_a_part_of_the_whole() {
  Renderer renderer(small(real_optics()));
  const World world = target_world("charuco-a4");
  const SignalImage whole = frame(renderer, world, Arm::far);
  FrameRequest request;
  request.arm = Arm::far;
  request.window = Window{37, 101, 70, 45};
  const SignalImage part = renderer.render(*renderer.stage(world), request);
  expect(part.width == 70 && part.height == 45, "size");
  int differing = 0;
  for (int y = 0; y < 45; ++y)
    for (int x = 0; x < 70; ++x) differing += at(part, x, y) != at(whole, x + 37, y + 101);
  expect(differing == 0, std::to_string(differing) + " pixels differ");
  request.window = Window{200, 0, 100, 10};
  expect_error<std::invalid_argument>("window", [&] { renderer.render(*renderer.stage(world), request); });
}

void cancelling_ends_a_frame() {
  Renderer renderer(small(real_optics()));
  int polled = 0;
  FrameRequest request;
  request.cancelled = [&] { return ++polled == 3; };
  expect(renderer.render(*renderer.stage(target_world("charuco-a4")), request).values.empty(), "empty");
  expect(polled == 3, "asked no more");
}

void probe_finds_the_surface() {
  Renderer renderer(small(clean_optics()));
  World world = moving_sheet(300);
  world.T_rig_target = Rigid{{}, {0, 0, kEyePlane - 30}};
  const StageProbe probe(renderer.stage(world), 0.1);
  const Vec3 way = normalized({0.02, 0.01, 1});
  expect_near(probe.hit({{0, 0, 0}, way}), (kEyePlane - 30) / way.z, 1e-3, "distance");
  expect(std::isinf(probe.hit({{0, 0, 0}, normalized({-0.02, 0, 1})})), "a miss, for the board has moved 30 mm");
  std::vector<float> distances;
  probe.hits({{{0, 0, 0}, way}, {{0, 0, 0}, {0, 0, -1}}}, distances);
  expect_near(distances.at(0), (kEyePlane - 30) / way.z, 1e-3, "distance of many");
  expect(std::isinf(distances.at(1)), "nothing behind");
  expect_near(probe.pose().translation.x, 30, 1e-9, "pose");
}

void unknown_objects_are_refused() {
  Renderer renderer(small(clean_optics()));
  expect_error<AssetError>("no target", [&] { renderer.stage(target_world("charuco-a3")); });
}

void cost_grows_linearly() {
  Renderer renderer(small(clean_optics()));
  World world = target_world("charuco-a4");
  const auto seconds = [&](int samples) {
    world.samples_per_pixel = samples;
    double best = 1e9;
    for (int i = 0; i < 3; ++i) {
      // The processor's time: that of the clock on the wall belongs to other programs as well.
      const std::clock_t start = std::clock();
      frame(renderer, world, Arm::far);
      best = std::min(best, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
    }
    return best;
  };
  seconds(1);
  const double share = seconds(64) / seconds(16) / 4;
  expect(share > 0.7 && share < 1.35, "cost of a sample at 64 over that at 16: " + std::to_string(share));
}

}  // namespace

void test_render(Suite& suite) {
  suite.run("render: an evenly lit white has the analytic signal", even_white_has_the_analytic_signal);
  suite.run("render: studio light is scaled", studio_light_is_as_bright_as_even_light_in_the_middle);
  suite.run("render: signal is linear in exposure", signal_is_linear_in_exposure);
  suite.run("render: strobe overlap", strobe_counts_with_the_part_inside_the_exposure);
  suite.run("render: strobe freezes movement", strobe_freezes_what_moves);
  suite.run("render: rolling shutter", rolling_shutter_shears);
  suite.run("render: motion blur", movement_blurs);
  suite.run("render: determinism", same_world_same_pixels);
  suite.run("render: sampling noise", frames_have_sampling_noise_of_their_own);
  suite.run("render: objects stand on the eye plane", objects_stand_on_the_eye_plane);
  suite.run("render: too large meshes", too_large_meshes_are_refused);
  suite.run("render: waiting for what is built", building_one_thing_holds_up_no_other);
  suite.run("render: window", window_is_a_part_of_the_whole);
  suite.run("render: cancelling", cancelling_ends_a_frame);
  suite.run("render: probe", probe_finds_the_surface);
  suite.run("render: unknown objects", unknown_objects_are_refused);
  suite.run("render: linear cost", cost_grows_linearly);
}

}  // namespace nearfar::rig::test
