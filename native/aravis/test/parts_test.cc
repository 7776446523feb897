#include "parts_test.h"

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "../core/frame_id_unwrapper.h"
#include "../core/frame_queue.h"
#include "../core/job_thread.h"

namespace nearfar::aravis::test {
namespace {

void ids_wrap_without_zero() {
  FrameIdUnwrapper ids;
  expect_equal(ids.unwrap(65401), 65401u, "first");
  expect_equal(ids.unwrap(65535), 65535u, "last 16-bit id");
  expect_equal(ids.unwrap(1), 65536u, "after the wrap");
  expect_equal(ids.unwrap(3), 65538u, "after a lost frame");
  for (std::uint64_t i = 4; i <= 65535; ++i) ids.unwrap(i);
  expect_equal(ids.unwrap(1), 65536u + 65535u, "after the second wrap");
}

void ids_lost_over_the_wrap() {
  FrameIdUnwrapper ids;
  ids.unwrap(65530);
  expect_equal(ids.unwrap(4), 65539u, "nine frames later");
}

void ids_slightly_out_of_order() {
  FrameIdUnwrapper ids;
  ids.unwrap(65534);
  ids.unwrap(2);
  expect_equal(ids.unwrap(65535), 65535u, "an older frame");
  expect_equal(ids.unwrap(3), 65538u, "and on");
}

void ids_of_64_bits() {
  FrameIdUnwrapper ids;
  expect_equal(ids.unwrap(0), 0u, "USB3 Vision begins at 0");
  expect_equal(ids.unwrap(1), 1u, "next");
  expect_equal(ids.unwrap(65535), 65535u, "16 bits full");
  expect_equal(ids.unwrap(65536), 65536u, "no wrap");
  expect_equal(ids.unwrap(65537), 65537u, "and on");
}

void queue_keeps_order() {
  FrameQueue queue;
  expect(!queue.take(), "empty at first");
  for (std::uint64_t id = 1; id <= 3; ++id) queue.push({.frame_id = id});
  expect_equal(queue.take()->frame_id, 1u, "oldest first");
  queue.clear();
  expect(!queue.take(), "empty after clear");
}

void jobs_run_in_order() {
  std::vector<int> order;
  JobThread thread;
  std::atomic<bool> done{false};
  for (int i = 0; i < 100; ++i) thread.post([&order, i] { order.push_back(i); });
  thread.post([&done] { done = true; });
  while (!done) std::this_thread::yield();
  for (int i = 0; i < 100; ++i) expect_equal(order[static_cast<std::size_t>(i)], i, "job");
}

void stop_drops_what_waits() {
  JobThread thread;
  std::atomic<int> ran{0};
  thread.post([&] {
    ++ran;
    const auto stopping = thread.stop_token();
    while (!stopping.stop_requested()) std::this_thread::yield();
  });
  while (ran == 0) std::this_thread::yield();
  thread.post([&] { ++ran; });
  thread.stop();
  thread.post([&] { ++ran; });
  thread.stop();
  expect_equal(ran.load(), 1, "jobs run");
}

}  // namespace

void test_parts(Suite& suite) {
  suite.run("frame ids: 16 bits wrap and skip 0", ids_wrap_without_zero);
  suite.run("frame ids: frames lost over the wrap", ids_lost_over_the_wrap);
  suite.run("frame ids: slightly out of order", ids_slightly_out_of_order);
  suite.run("frame ids: 64 bits do not wrap", ids_of_64_bits);
  suite.run("frame queue: order and clear", queue_keeps_order);
  suite.run("job thread: order", jobs_run_in_order);
  suite.run("job thread: stop drops what waits, also twice", stop_drops_what_waits);
}

}  // namespace nearfar::aravis::test
