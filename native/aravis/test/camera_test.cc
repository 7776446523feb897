#include "camera_test.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "../core/camera.h"
#include "../core/discovery.h"
#include "simulated_camera.h"

namespace nearfar::aravis::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* kSerial = "CORETEST";

/// What `wake` leads to in a program: someone waits and looks again.
class Bell {
 public:
  void ring() {
    const std::lock_guard lock(mutex_);
    rung_ = true;
    changed_.notify_all();
  }
  void wait_until(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, deadline, [this] { return rung_; });
    rung_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool rung_ = false;
};

/// An opened camera with memory for its frames.
struct Opened {
  Bell bell;
  std::stop_source stop;
  Camera camera{kSerial, [this] { bell.ring(); }, stop.get_token()};
  std::vector<std::vector<std::byte>> memory;

  void start(std::size_t count, std::size_t bytes) {
    memory.assign(count, std::vector<std::byte>(bytes));
    std::vector<BufferSpan> spans(memory.begin(), memory.end());
    camera.start(spans);
  }

  Frame next(std::chrono::milliseconds patience = 3000ms) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (true) {
      if (const std::optional<Frame> frame = camera.take()) return *frame;
      expect(std::chrono::steady_clock::now() < deadline, "no frame came");
      bell.wait_until(deadline);
    }
  }
};

Settings small_frames() {
  return {.pixel_format = "Mono8",
          .exposure_us = 5000,
          .gain_db = 3,
          .region = Region{.x_px = 16, .y_px = 32, .width_px = 256, .height_px = 128},
          .trigger_line = "Line0"};
}

void discovery_finds_it() {
  const SimulatedCamera simulated(kSerial);
  const std::vector<DeviceInfo> devices = discover();
  const auto found =
      std::find_if(devices.begin(), devices.end(), [](const DeviceInfo& d) { return d.serial == kSerial; });
  expect(found != devices.end(), "not discovered");
  expect(found->vendor == "Aravis" && found->model == "Fake" && !found->address.empty(), "wrong identity");
}

void unknown_serial() {
  const SimulatedCamera simulated(kSerial);
  expect_fault(Fault::not_found, kSerial, [] { Camera("NOSUCH", [] {}, std::stop_token()); });
}

void configure_reads_back() {
  const SimulatedCamera simulated(kSerial);
  Opened opened;
  const Configured held = opened.camera.configure(small_frames());
  expect(held.settings.pixel_format == "Mono8", "pixel format");
  expect(held.settings.exposure_us == 5000, "exposure");
  expect(held.settings.gain_db == 3, "gain");
  expect(held.settings.trigger_line == "Line0", "trigger line");
  expect_equal(held.settings.region->x_px, 16, "x");
  expect_equal(held.format.payload_bytes, 256u * 128u, "payload");
  Settings whole = small_frames();
  whole.region.reset();
  whole.pixel_format = "Mono16";
  expect_equal(opened.camera.configure(whole).format.payload_bytes, 2048u * 2048u * 2u, "whole sensor");
}

void configure_refuses() {
  const SimulatedCamera simulated(kSerial);
  Opened opened;
  const auto refused = [&](const char* text, auto change) {
    Settings settings = small_frames();
    change(settings);
    expect_fault(Fault::refused, text, [&] { opened.camera.configure(settings); });
  };
  refused("Mono8", [](Settings& s) { s.pixel_format = "Mono14"; });
  refused("Line0", [](Settings& s) { s.trigger_line = "Line7"; });
  refused("exposure", [](Settings& s) { s.exposure_us = 1; });
  refused("exposure", [](Settings& s) { s.exposure_us = -5; });
  refused("gain", [](Settings& s) { s.gain_db = 99; });
  refused("width", [](Settings& s) { s.region->width_px = 5000; });
}

void frames_land_in_our_memory() {
  SimulatedCamera simulated(kSerial);
  Opened opened;
  const Configured held = opened.camera.configure(small_frames());
  opened.start(3, held.format.payload_bytes);
  std::uint64_t previous = 0;
  for (int shot = 1; shot <= 10; ++shot) {
    simulated.trigger(static_cast<std::uint8_t>(shot));
    const Frame frame = opened.next();
    expect(frame.status == FrameStatus::complete, "incomplete");
    expect_equal(frame.image_bytes, 256u * 128u, "size");
    const std::vector<std::byte>& memory = opened.memory[frame.buffer];
    expect(std::all_of(memory.begin(), memory.end(), [&](std::byte b) { return b == std::byte(shot); }),
           "wrong pixels");
    if (shot > 1) expect_equal(frame.frame_id, previous + 1, "frame id");
    previous = frame.frame_id;
    expect(frame.host_time_ns > 0 && frame.device_time_ns > 0, "times");
    opened.camera.release(frame.buffer);
  }
  opened.camera.stop();
  expect_equal(opened.camera.statistics().frames_complete, 10u, "complete");
}

void a_kept_buffer_starves_the_stream() {
  SimulatedCamera simulated(kSerial);
  Opened opened;
  opened.start(1, opened.camera.configure(small_frames()).format.payload_bytes);
  simulated.trigger(1);
  const Frame kept = opened.next();
  simulated.trigger(2);
  const auto deadline = std::chrono::steady_clock::now() + 3s;
  while (opened.camera.statistics().underruns == 0) {
    expect(std::chrono::steady_clock::now() < deadline, "no underrun counted");
    opened.bell.wait_until(std::chrono::steady_clock::now() + 10ms);
  }
  expect(opened.memory[kept.buffer].front() == std::byte(1), "a kept buffer was written to");
  opened.camera.release(kept.buffer);
  opened.camera.release(kept.buffer);
  opened.camera.release(99);
  simulated.trigger(3);
  expect(opened.memory[opened.next().buffer].front() == std::byte(3), "no frame after release");
}

void order_of_calls() {
  SimulatedCamera simulated(kSerial);
  Opened opened;
  expect_fault(Fault::wrong_order, "configure", [&] { opened.start(1, 100); });
  const std::size_t bytes = opened.camera.configure(small_frames()).format.payload_bytes;
  expect_fault(Fault::wrong_order, "too small", [&] { opened.start(1, bytes - 1); });
  opened.start(2, bytes);
  expect_fault(Fault::wrong_order, "stop", [&] { opened.camera.configure(small_frames()); });
  opened.camera.stop();
  opened.camera.stop();
  opened.start(2, bytes);
  simulated.trigger(9);
  opened.camera.release(opened.next().buffer);
}

void only_one_controller() {
  SimulatedCamera simulated(kSerial);
  Opened first;
  std::stop_source impatient;
  impatient.request_stop();
  expect_fault(Fault::busy, "another program",
               [&] { Camera(kSerial, [] {}, impatient.get_token()); });
}

void control_is_waited_for() {
  SimulatedCamera simulated(kSerial);
  auto first = std::make_unique<Opened>();
  std::jthread closing([&] {
    std::this_thread::sleep_for(2s);  // discovery alone takes one
    first.reset();
  });
  Opened second;
  second.camera.configure(small_frames());
}

void unplugged() {
  auto simulated = std::make_unique<SimulatedCamera>(kSerial);
  Opened opened;
  opened.start(2, opened.camera.configure(small_frames()).format.payload_bytes);
  simulated->trigger(1);
  opened.camera.release(opened.next().buffer);
  simulated.reset();
  expect_fault(Fault::lost, kSerial, [&] { opened.next(12s); });
  opened.camera.stop();
  expect_fault(Fault::lost, kSerial, [&] { opened.camera.configure(small_frames()); });
}

}  // namespace

void test_camera(Suite& suite) {
  suite.run("discovery finds the camera", discovery_finds_it);
  suite.run("open: unknown serial lists those that are there", unknown_serial);
  suite.run("configure reads back", configure_reads_back);
  suite.run("configure refuses what the camera cannot do", configure_refuses);
  suite.run("frames land in the caller's memory", frames_land_in_our_memory);
  suite.run("a kept buffer starves the stream and is not touched", a_kept_buffer_starves_the_stream);
  suite.run("order of calls", order_of_calls);
  suite.run("a second controller finds the camera busy", only_one_controller);
  suite.run("control that is given up is waited for", control_is_waited_for);
  suite.run("an unplugged camera is lost", unplugged);
}

}  // namespace nearfar::aravis::test
