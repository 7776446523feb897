#include "parts_test.h"

#include <atomic>
#include <chrono>
#include <thread>

#include "../core/dictionary.h"
#include "../core/homography.h"
#include "../core/image.h"
#include "../core/job_pool.h"
#include "board_scene.h"

namespace nearfar::vision::test {
namespace {

void corners_are_counted_from_the_top_left() {
  const Board board = a4_board();
  expect_equal(board.corner_count(), 176, "corners");
  expect_equal(board.white_squares().size(), 102u, "white squares");
  expect_equal(board.corner(12).x, 2, "column of corner 12");
  expect_equal(board.corner(12).y, 2, "row of corner 12");
  expect(!board.white_below_right(0) && board.white_below_right(1), "colors beside corners 0 and 1");
}

void impossible_boards_are_refused() {
  Board board = a4_board();
  board.markers->side_squares = 1;
  expect_refused("markerMm", [&] { check_board(board); });
  board = a4_board();
  board.markers->first_id = 149;
  expect_refused("149 to 250, but DICT_6X6_250 has 0 to 249", [&] { check_board(board); });
  board.markers->dictionary = "DICT_6X6";
  expect_refused("known are DICT_4X4_50", [&] { check_board(board); });
  board = chessboard();
  board.squares_y = 2;
  expect_refused("squaresY is 2", [&] { check_board(board); });
}

void impossible_images_are_refused() {
  expect_refused("has 319 samples, but 20 × 16 px need 320",
                 [] { Image(SampleType::uint16, 20, 16, std::vector<std::byte>(638)); });
  expect_refused("heightPx is 15", [] { Image(SampleType::uint8, 20, 15, std::vector<std::byte>(300)); });
}

void part_of_a_dictionary_is_renumbered() {
  const auto part = part_of_dictionary("DICT_6X6_250", 100, 3);
  const auto whole = part_of_dictionary("DICT_6X6_250", 0, 250);
  expect_equal(part->bytesList.rows, 3, "markers");
  expect(cv::norm(part->bytesList.row(2), whole->bytesList.row(102), cv::NORM_INF) == 0, "marker 2 is 102");
}

void homography_is_recovered() {
  const cv::Matx33d truth(40, 3, 500, -2, 38, 300, 1e-2, -2e-2, 1);
  std::vector<cv::Point2d> sources{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}, {0.3, 0.1}}, targets;
  for (const cv::Point2d& source : sources) targets.push_back(project(truth, source));
  const auto found = fit_homography(sources, targets);
  expect(found.has_value(), "found");
  for (int i = 0; i < 9; ++i) expect(std::abs(found->val[i] - truth.val[i]) < 1e-6, "element");
  expect(!fit_homography({{0, 0}, {1, 1}, {2, 2}, {3, 3}}, {{0, 0}, {1, 1}, {2, 2}, {3, 3}}), "points on one line");
}

void pool_runs_jobs_side_by_side() {
  JobPool pool(2);
  std::atomic<int> running{0};
  for (int i = 0; i < 2; ++i) {
    pool.post([&] {
      ++running;
      while (running < 2) std::this_thread::yield();
    });
  }
  while (running < 2) std::this_thread::yield();
}

void pool_stops_with_jobs_waiting() {
  JobPool pool(1);
  std::atomic<int> ran{0};
  std::atomic<bool> release{false};
  pool.post([&] {
    ++ran;
    while (!release) std::this_thread::yield();
  });
  while (ran == 0) std::this_thread::yield();
  pool.post([&] { ++ran; });
  std::thread releaser([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    release = true;
  });
  pool.stop();
  pool.post([&] { ++ran; });
  pool.stop();
  releaser.join();
  expect_equal(ran.load(), 1, "jobs run");
}

}  // namespace

void test_parts(Suite& suite) {
  suite.run("board: corners count from the top left", corners_are_counted_from_the_top_left);
  suite.run("board: impossible ones are refused", impossible_boards_are_refused);
  suite.run("image: impossible ones are refused", impossible_images_are_refused);
  suite.run("dictionary: a part counts from 0", part_of_a_dictionary_is_renumbered);
  suite.run("homography: recovered, degenerate refused", homography_is_recovered);
  suite.run("job pool: two at a time", pool_runs_jobs_side_by_side);
  suite.run("job pool: stop drops what waits, also twice", pool_stops_with_jobs_waiting);
}

}  // namespace nearfar::vision::test
