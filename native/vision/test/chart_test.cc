#include "chart_test.h"

#include <array>
#include <opencv2/imgproc.hpp>

#include "../core/find_chart.h"

namespace nearfar::vision::test {
namespace {

constexpr int width_px = 900;
constexpr int height_px = 700;
/// Patches of 64 px, 72 px apart, from here on.
constexpr int left_px = 220;
constexpr int top_px = 200;
constexpr int pitch_px = 72;
constexpr int patch_px = 64;

/// sRGB of the patches, R G B.
constexpr int colors[24][3] = {
    {116, 79, 65},  {197, 144, 127}, {91, 120, 155}, {91, 108, 64},   {131, 127, 175}, {95, 189, 172},
    {224, 124, 48}, {69, 90, 167},   {197, 80, 95},  {93, 58, 104},   {156, 187, 58},  {227, 161, 39},
    {40, 62, 145},  {61, 147, 70},   {178, 54, 57},  {236, 199, 15},  {191, 79, 146},  {0, 133, 165},
    {241, 242, 235}, {201, 202, 201}, {161, 163, 163}, {121, 121, 121}, {83, 84, 85},   {50, 50, 50}};

cv::Mat chart_picture() {
  cv::Mat picture(height_px, width_px, CV_8UC3, cv::Scalar(150, 150, 155));
  cv::rectangle(picture, {left_px - 24, top_px - 30, 6 * pitch_px + 40, 4 * pitch_px + 52}, {22, 22, 23}, cv::FILLED);
  for (int patch = 0; patch < 24; ++patch) {
    const cv::Rect place(left_px + patch % 6 * pitch_px, top_px + patch / 6 * pitch_px, patch_px, patch_px);
    picture(place).setTo(cv::Scalar(colors[patch][0], colors[patch][1], colors[patch][2]));
  }
  cv::GaussianBlur(picture, picture, {}, 0.8);
  return picture;
}

/// Where the grid's corners are: half a px outside of the outer patches' centres of px.
std::array<cv::Point2d, 4> chart_corners() {
  const double right = left_px + 5 * pitch_px + patch_px - 0.5;
  const double bottom = top_px + 3 * pitch_px + patch_px - 0.5;
  return {{{left_px - 0.5, top_px - 0.5}, {right, top_px - 0.5}, {right, bottom}, {left_px - 0.5, bottom}}};
}

void expect_chart(const char* what, const cv::Matx33d& warp, const cv::Size& size, bool mirrored) {
  cv::Mat seen;
  cv::warpPerspective(chart_picture(), seen, warp, size, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  const auto finding = find_chart(seen, {});
  expect(finding.has_value(), std::string("a chart is found ") + what);
  expect_equal(finding->mirrored, mirrored, std::string("handedness ") + what);
  for (std::size_t i = 0; i < 4; ++i) {
    const auto corner = chart_corners()[i];
    const cv::Vec3d at = warp * cv::Vec3d(corner.x, corner.y, 1);
    const double off = cv::norm(finding->corners_px[i] - cv::Point2d(at[0] / at[2], at[1] / at[2]));
    expect(off < 0.6, "corner " + std::to_string(i) + " " + what + " is off by " + std::to_string(off) + " px");
  }
}

cv::Matx33d turn(double degrees, double scale) {
  const cv::Point2f middle((width_px - 1) / 2.F, (height_px - 1) / 2.F);
  const cv::Mat affine = cv::getRotationMatrix2D(middle, degrees, scale);
  cv::Matx33d full = cv::Matx33d::eye();
  for (int i = 0; i < 6; ++i) full(i / 3, i % 3) = affine.at<double>(i / 3, i % 3);
  return full;
}

}  // namespace

void test_charts(Suite& suite) {
  const cv::Size size(width_px, height_px);
  const cv::Matx33d flip(-1, 0, width_px - 1, 0, 1, 0, 0, 0, 1);
  suite.run("a chart in any orientation, mirrored or not", [&] {
    for (const double degrees : {0.0, 30.0, 90.0, 160.0, 180.0, 250.0}) {
      const std::string turned = "at " + std::to_string(static_cast<int>(degrees)) + "°";
      expect_chart(turned.c_str(), turn(degrees, 0.9), size, false);
      expect_chart((turned + " mirrored").c_str(), turn(degrees, 0.9) * flip, size, true);
    }
  });
  suite.run("a slanted chart, a small and a large one", [&] {
    expect_chart("slanted", {0.8, 0.08, 60, 0.02, 0.75, 90, 0.0001, 0.0002, 1}, size, false);
    expect_chart("small", {0.3, 0, 40, 0, 0.3, 30, 0, 0, 1}, size, false);
    expect_chart("large", {3, 0, 0, 0, 3, 0, 0, 0, 1}, size * 3, false);
  });
  suite.run("no chart", [] {
    expect(!find_chart(cv::Mat(400, 600, CV_8UC3, cv::Scalar(90, 120, 60)), {}), "none in an even picture");
    cv::Mat noise(400, 600, CV_8UC3);
    cv::theRNG().state = 5;
    cv::randu(noise, 0, 255);
    expect(!find_chart(noise, {}), "none in noise");
    cv::Mat gray = chart_picture();
    cv::Mat squares;
    cv::threshold(gray, squares, 60, 200, cv::THRESH_BINARY);
    squares.forEach<cv::Vec3b>(
        [](cv::Vec3b& color, const int*) { color = cv::Vec3b::all(cv::max(color[0], color[2])); });
    expect(!find_chart(squares, {}), "none in 24 squares of one color");
    expect_refused("64 px", [] { find_chart(cv::Mat(32, 600, CV_8UC3), {}); });
    expect_refused("8-bit", [] { find_chart(cv::Mat(400, 600, CV_8UC1), {}); });
  });
}

}  // namespace nearfar::vision::test
