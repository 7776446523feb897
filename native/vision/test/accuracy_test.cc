#include "accuracy_test.h"

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "../core/find_board.h"
#include "board_scene.h"

namespace nearfar::vision::test {
namespace {

struct Errors {
  cv::Point2d mean;
  double rms = 0;
  double claimed_rms = 0;
};

BoardScene usual_scene() {
  BoardScene scene;
  scene.board = a4_board();
  scene.board.squares_x = 7;
  scene.board.squares_y = 8;
  scene.width_px = 400;
  scene.height_px = 440;
  scene.square_px = 48;
  scene.roll_deg = 3;
  scene.noise = 6;
  return scene;
}

Errors errors_of(const BoardScene& scene, const std::vector<FoundCorner>& corners) {
  Errors errors;
  double squares = 0, claimed = 0;
  const double count = static_cast<double>(corners.size());
  for (const FoundCorner& found : corners) {
    const cv::Point2d off = cv::Point2d(found.x_px, found.y_px) - scene.corner(found.id);
    errors.mean += off / count;
    squares += off.dot(off);
    claimed += 2 * found.sigma_px * found.sigma_px;
  }
  errors.rms = std::sqrt(squares / count);
  errors.claimed_rms = std::sqrt(claimed / count);
  return errors;
}

Errors measure(const std::string& name, const BoardScene& scene, std::size_t least_corners) {
  const BoardFinding finding = find_board(image_of(scene.render(), SampleType::uint16), scene.board, CancelFlag());
  expect(finding.corners.size() >= least_corners, name + ": " + std::to_string(finding.corners.size()) + " corners");
  const Errors errors = errors_of(scene, finding.corners);
  std::printf("      %-28s mean (%+.4f, %+.4f) rms %.4f claimed %.4f px, %zu corners\n", name.c_str(), errors.mean.x,
              errors.mean.y, errors.rms, errors.claimed_rms, finding.corners.size());
  return errors;
}

void expect_accurate(const std::string& name, const BoardScene& scene, double rms_px) {
  const Errors errors = measure(name, scene, 40);
  // Three standard errors of the mean of 42 corners, and a thousandth of a pixel for the rendering.
  const double mean_px = 0.001 + 3 * rms_px / std::sqrt(2 * 42.0);
  expect(std::abs(errors.mean.x) < mean_px && std::abs(errors.mean.y) < mean_px, name + ": biased");
  expect(errors.rms < rms_px, name + ": rms " + std::to_string(errors.rms));
}

void blur() {
  for (const double blur_px : {0.5, 1.0, 2.0, 3.0}) {
    BoardScene scene = usual_scene();
    scene.blur_px = blur_px;
    expect_accurate("blur " + std::to_string(blur_px), scene, blur_px < 3 ? 0.01 : 0.03);
  }
}

void tilt_contrast_light_and_noise() {
  BoardScene scene = usual_scene();
  scene.tilt_y_deg = 45;
  expect_accurate("tilt 45°", scene, 0.02);
  scene = usual_scene();
  scene.dark = 400;
  scene.bright = 800;
  expect_accurate("contrast 10 %", scene, 0.02);
  scene = usual_scene();
  scene.illumination_slope = 0.5;
  expect_accurate("uneven light", scene, 0.01);
  scene = usual_scene();
  scene.square_px = 28;
  scene.width_px = 240;
  scene.height_px = 260;
  expect_accurate("squares of 28 px", scene, 0.01);
}

void distortion() {
  BoardScene scene = usual_scene();
  scene.board = chessboard();
  scene.noise = 0;
  scene.distortion = 0.3;
  scene.focal_px = 400;
  scene.width_px = 440;
  scene.height_px = 320;
  scene.square_px = 38;
  expect_accurate("strong distortion", scene, 0.005);
}

void sigma_is_honest() {
  BoardScene scene = usual_scene();
  for (const double noise : {20.0, 60.0}) {
    scene.noise = noise;
    const Errors errors = measure("noise " + std::to_string(noise), scene, 40);
    const double ratio = errors.rms / errors.claimed_rms;
    expect(ratio > 0.75 && ratio < 1.3, "error over claim is " + std::to_string(ratio));
  }
}

/// OpenCV's refinement, begun beside the truth so that only it is compared.
Errors corner_sub_pix(const BoardScene& scene, int half_window) {
  std::vector<cv::Point2f> points;
  for (int id = 0; id < scene.board.corner_count(); ++id) {
    points.push_back(cv::Point2f(scene.corner(id)) + cv::Point2f(0.3F, -0.2F));
  }
  cv::cornerSubPix(scene.render(), points, {half_window, half_window}, {-1, -1}, {3, 100, 1e-5});
  std::vector<FoundCorner> corners;
  for (int id = 0; id < scene.board.corner_count(); ++id) {
    const cv::Point2f& point = points[static_cast<std::size_t>(id)];
    corners.push_back({id, point.x, point.y, 0});
  }
  return errors_of(scene, corners);
}

void better_than_corner_sub_pix() {
  const BoardScene scene = usual_scene();
  const Errors ours = measure("ours", scene, 42);
  for (const int half_window : {5, 11}) {
    const Errors theirs = corner_sub_pix(scene, half_window);
    std::printf("      cornerSubPix, half-window %-2d rms %.4f px\n", half_window, theirs.rms);
    expect(ours.rms < theirs.rms / 2, "not twice as good");
  }
}

}  // namespace

void test_accuracy(Suite& suite) {
  suite.run("accuracy: blur of 0.5 to 3 px", blur);
  suite.run("accuracy: tilt, contrast, light, small squares", tilt_contrast_light_and_noise);
  suite.run("accuracy: strong lens distortion", distortion);
  suite.run("accuracy: claimed sigmas match the errors", sigma_is_honest);
  suite.run("accuracy: twice as good as cornerSubPix", better_than_corner_sub_pix);
}

}  // namespace nearfar::vision::test
