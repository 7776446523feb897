#include "board_test.h"

#include <limits>
#include <random>
#include <vector>

#include "../core/find_board.h"
#include "board_scene.h"

namespace nearfar::vision::test {
namespace {

/// A ChArUco board of 7 × 8 squares that fills most of the picture.
BoardScene small_scene() {
  BoardScene scene;
  scene.board = a4_board();
  scene.board.squares_x = 7;
  scene.board.squares_y = 8;
  scene.width_px = 340;
  scene.height_px = 380;
  scene.square_px = 40;
  scene.roll_deg = 4;
  return scene;
}

BoardScene chessboard_scene() {
  BoardScene scene = small_scene();
  scene.board = chessboard();
  scene.width_px = 380;
  scene.height_px = 290;
  scene.square_px = 32;
  return scene;
}

BoardFinding find(const BoardScene& scene, SampleType type = SampleType::uint16) {
  return find_board(image_of(scene.render(), type), scene.board, CancelFlag());
}

void expect_true_corners(const BoardScene& scene, const BoardFinding& finding, double within_px) {
  for (const FoundCorner& found : finding.corners) {
    const double off = cv::norm(cv::Point2d(found.x_px, found.y_px) - scene.corner(found.id));
    expect(off < within_px, "corner " + std::to_string(found.id) + " is off by " + std::to_string(off) + " px");
  }
}

void long_and_thin_images() {
  for (const cv::Size& size : {cv::Size(32767, 16), cv::Size(24, 3000)}) {
    const cv::Mat floats(size, CV_32F, cv::Scalar(0.5));
    for (const Board& board : {a4_board(), chessboard()}) {
      const BoardFinding finding = find_board(image_of(floats, SampleType::uint8), board, CancelFlag());
      expect(finding.corners.empty() && !finding.message.empty(), "nothing is found, and that is said");
    }
  }
}

void whole_board() {
  const BoardScene scene = small_scene();
  const BoardFinding finding = find(scene);
  expect_equal(finding.corners.size(), 42u, "corners");
  expect_equal(finding.mirrored.value(), false, "mirrored");
  expect(finding.window_px > 10 && finding.window_px < 40 / 3.0 + 1, "window " + std::to_string(finding.window_px));
  expect(finding.message.empty(), "message");
  expect_true_corners(scene, finding, 0.02);
}

void first_marker_id_and_white_corner() {
  BoardScene scene = small_scene();
  scene.board.top_left_black = false;
  scene.board.markers->first_id = 102;
  const BoardFinding finding = find(scene);
  expect_equal(finding.markers.front(), 102, "first marker");
  expect_equal(finding.corners.size(), 42u, "corners");
  expect_true_corners(scene, finding, 0.02);
}

void mirrored_board() {
  BoardScene scene = small_scene();
  scene.mirrored = true;
  scene.tilt_x_deg = 20;
  const BoardFinding finding = find(scene);
  expect_equal(finding.mirrored.value(), true, "mirrored");
  expect_equal(finding.corners.size(), 42u, "corners");
  expect_true_corners(scene, finding, 0.02);
}

void part_of_a_board() {
  BoardScene scene = small_scene();
  scene.shift_x_px = 150;
  scene.shift_y_px = -140;
  const BoardFinding finding = find(scene);
  expect(finding.corners.size() >= 12, std::to_string(finding.corners.size()) + " corners");
  expect_true_corners(scene, finding, 0.02);
}

void hidden_corners_are_left_out() {
  const BoardScene scene = small_scene();
  cv::Mat picture = scene.render();
  const cv::Rect hand(120, 130, 90, 110);
  picture(hand).setTo(1200);
  const BoardFinding finding = find_board(image_of(picture, SampleType::uint16), scene.board, CancelFlag());
  expect(finding.corners.size() >= 28, std::to_string(finding.corners.size()) + " corners");
  for (const FoundCorner& found : finding.corners) {
    expect(!hand.contains(cv::Point(cvRound(found.x_px), cvRound(found.y_px))), "a corner under the hand");
  }
  expect_true_corners(scene, finding, 0.1);
}

void sample_types_agree() {
  BoardScene scene = small_scene();
  scene.noise = 10;
  const BoardFinding in_16_bits = find(scene, SampleType::uint16);
  const BoardFinding in_floats = find(scene, SampleType::float32);
  const BoardFinding in_8_bits = find(scene, SampleType::uint8);
  expect_equal(in_floats.corners.size(), in_16_bits.corners.size(), "corners");
  expect_equal(in_8_bits.corners.size(), in_16_bits.corners.size(), "corners of 8 bits");
  for (std::size_t i = 0; i < in_16_bits.corners.size(); ++i) {
    expect_equal(in_floats.corners[i].x_px, in_16_bits.corners[i].x_px, "x");
    expect(std::abs(in_8_bits.corners[i].x_px - in_16_bits.corners[i].x_px) < 0.02, "x of 8 bits");
  }
}

void nothing_where_there_is_no_board() {
  const Board board = small_scene().board;
  std::mt19937 bits(3);
  cv::Mat noise(300, 400, CV_32F), flat(300, 400, CV_32F, cv::Scalar(2000));
  for (int i = 0; i < noise.rows * noise.cols; ++i) {
    noise.at<float>(i / noise.cols, i % noise.cols) = static_cast<float>(bits() % 4096);
  }
  for (const cv::Mat& picture : {noise, flat}) {
    const Image image = image_of(picture, SampleType::uint16);
    for (const Board& wanted : {board, chessboard()}) {
      const BoardFinding finding = find_board(image, wanted, CancelFlag());
      expect(finding.corners.empty() && !finding.message.empty() && !finding.mirrored, "something was found");
    }
  }
  flat.setTo(std::numeric_limits<float>::quiet_NaN());
  expect(find_board(image_of(flat, SampleType::float32), board, CancelFlag()).corners.empty(), "found in NaN");
}

void another_board_is_not_taken_for_this_one() {
  const BoardScene scene = small_scene();
  Board other = scene.board;
  other.markers->first_id = 120;
  const BoardFinding finding = find_board(image_of(scene.render(), SampleType::uint16), other, CancelFlag());
  expect(finding.corners.empty() && finding.markers.empty(), "found");
}

void chessboard_is_turned_by_its_colors() {
  for (const double roll_deg : {3.0, 183.0}) {
    BoardScene scene = chessboard_scene();
    scene.roll_deg = roll_deg;
    const BoardFinding finding = find(scene);
    expect_equal(finding.corners.size(), 54u, "corners");
    expect(!finding.mirrored.has_value(), "mirrored is unknown");
    expect_true_corners(scene, finding, 0.02);
  }
}

void cancelled_search_ends() {
  const CancelFlag flag;
  flag.cancel();
  try {
    find_board(image_of(small_scene().render(), SampleType::uint8), a4_board(), flag);
  } catch (const Cancelled&) {
    return;
  }
  throw std::runtime_error("it went on");
}

}  // namespace

void test_boards(Suite& suite) {
  suite.run("board: long and thin images", long_and_thin_images);
  suite.run("board: whole", whole_board);
  suite.run("board: other marker ids, white top left", first_marker_id_and_white_corner);
  suite.run("board: mirrored", mirrored_board);
  suite.run("board: a part of it", part_of_a_board);
  suite.run("board: hidden corners are left out", hidden_corners_are_left_out);
  suite.run("board: 8 bits, 16 bits and floats agree", sample_types_agree);
  suite.run("board: none in noise, a flat field, NaN", nothing_where_there_is_no_board);
  suite.run("board: not taken for another one", another_board_is_not_taken_for_this_one);
  suite.run("chessboard: turned by its colors", chessboard_is_turned_by_its_colors);
  suite.run("search: ends when cancelled", cancelled_search_ends);
}

}  // namespace nearfar::vision::test
