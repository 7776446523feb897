#include "board_scene.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <opencv2/imgproc.hpp>
#include <random>

#include "../core/dictionary.h"

namespace nearfar::vision::test {
namespace {

/// Samples a side of each pixel.
constexpr int supersampling = 6;

cv::Matx33d rotation(double degrees, int axis) {
  const double c = std::cos(degrees * CV_PI / 180), s = std::sin(degrees * CV_PI / 180);
  if (axis == 0) return {1, 0, 0, 0, c, -s, 0, s, c};
  if (axis == 1) return {c, 0, s, 0, 1, 0, -s, 0, c};
  return {c, -s, 0, s, c, 0, 0, 0, 1};
}

/// 0 on one side, 1 on the other, by the covered part of a sample of `width` in between.
double covered(double distance, double width) { return std::clamp(distance / width + 0.5, 0.0, 1.0); }

/// The print: 0 black to 1 white at a point of the board.
class Print {
 public:
  explicit Print(const Board& board) : board_(board) {
    if (!board.markers) return;
    const int count = static_cast<int>(board.white_squares().size());
    const auto dictionary = part_of_dictionary(board.markers->dictionary, board.markers->first_id, count);
    for (int i = 0; i < count; ++i) {
      cv::Mat marker;
      dictionary->drawMarker(i, dictionary->markerSize + 2, marker, 1);
      markers_.push_back(marker);
    }
    int next = 0;
    index_of_square_.assign(static_cast<std::size_t>(board.squares_x * board.squares_y), -1);
    for (const cv::Point2d& square : board.white_squares()) {
      index_of_square_[static_cast<std::size_t>(square.y * board.squares_x + square.x)] = next++;
    }
  }

  /// @param width of the sample, in squares, along u and v.
  double at(double u, double v, double width_u, double width_v) const {
    const int column = static_cast<int>(std::floor(u)), row = static_cast<int>(std::floor(v));
    if (column < -1 || row < -1 || column > board_.squares_x || row > board_.squares_y) return 1;
    if (const double marker = marker_at(column, row, u - column, v - row); marker >= 0) return marker;
    // Along each axis the nearest line between squares decides what is on its other side.
    const int line_u = cvRound(u), line_v = cvRound(v);
    const double right = covered(u - line_u, width_u), below = covered(v - line_v, width_v);
    return (1 - right) * ((1 - below) * square(line_u - 1, line_v - 1) + below * square(line_u - 1, line_v)) +
           right * ((1 - below) * square(line_u, line_v - 1) + below * square(line_u, line_v));
  }

 private:
  double square(int column, int row) const {
    const bool outside = column < 0 || row < 0 || column >= board_.squares_x || row >= board_.squares_y;
    return outside || !board_.is_black(column, row) ? 1 : 0;
  }

  /// -1 outside the markers.
  double marker_at(int column, int row, double u, double v) const {
    if (markers_.empty() || column < 0 || row < 0 || column >= board_.squares_x || row >= board_.squares_y) return -1;
    const int index = index_of_square_[static_cast<std::size_t>(row * board_.squares_x + column)];
    const double rim = board_.rim_squares();
    if (index < 0 || std::min(u, v) < rim || std::max(u, v) > 1 - rim) return -1;
    const cv::Mat& marker = markers_[static_cast<std::size_t>(index)];
    const auto cell = [&](double at) {
      return std::min(marker.rows - 1, static_cast<int>((at - rim) / (1 - 2 * rim) * marker.rows));
    };
    return marker.at<std::uint8_t>(cell(v), cell(u)) / 255.0;
  }

  Board board_;
  std::vector<cv::Mat> markers_;
  std::vector<int> index_of_square_;
};

cv::Point2d apply(const cv::Matx33d& homography, const cv::Point2d& point) {
  const cv::Vec3d at = homography * cv::Vec3d(point.x, point.y, 1);
  return {at[0] / at[2], at[1] / at[2]};
}

}  // namespace

cv::Matx33d BoardScene::board_to_image() const {
  const double distance = focal_px / square_px;  // in squares
  const cv::Matx33d turn = rotation(roll_deg, 2) * rotation(tilt_x_deg, 0) * rotation(tilt_y_deg, 1);
  const cv::Vec3d origin = turn * cv::Vec3d(-board.squares_x / 2.0, -board.squares_y / 2.0, 0) +
                           cv::Vec3d(shift_x_px / square_px, shift_y_px / square_px, distance);
  return {focal_px * turn(0, 0), focal_px * turn(0, 1), focal_px * origin[0],  //
          focal_px * turn(1, 0), focal_px * turn(1, 1), focal_px * origin[1],  //
          turn(2, 0),            turn(2, 1),            origin[2]};
}

cv::Point2d BoardScene::corner(int id) const {
  const cv::Point2d straight = apply(board_to_image(), board.corner(id));
  const double straight_r = cv::norm(straight) / focal_px;
  double r = straight_r;
  for (int i = 0; i < 50; ++i) r = straight_r / (1 + distortion * r * r);
  const cv::Point2d bent = straight * (straight_r > 0 ? r / straight_r : 1);
  const double x = bent.x + (width_px - 1) / 2.0;
  return {mirrored ? width_px - 1 - x : x, bent.y + (height_px - 1) / 2.0};
}

cv::Mat BoardScene::render() const {
  const Print print(board);
  const cv::Matx33d to_board = board_to_image().inv();
  cv::Mat fine(height_px * supersampling, width_px * supersampling, CV_32F);
  for (int y = 0; y < fine.rows; ++y) {
    float* row = fine.ptr<float>(y);
    for (int x = 0; x < fine.cols; ++x) {
      const cv::Point2d pixel((x + 0.5) / supersampling - width_px / 2.0, (y + 0.5) / supersampling - height_px / 2.0);
      const auto on_board = [&](const cv::Point2d& p) {
        return apply(to_board, p * (1 + distortion * p.dot(p) / (focal_px * focal_px)));
      };
      const cv::Point2d at = on_board(pixel);
      const cv::Point2d to_right = (on_board(pixel + cv::Point2d(0.5, 0)) - at) * (2.0 / supersampling);
      const cv::Point2d down = (on_board(pixel + cv::Point2d(0, 0.5)) - at) * (2.0 / supersampling);
      row[x] = static_cast<float>(print.at(at.x, at.y, std::hypot(to_right.x, down.x), std::hypot(to_right.y, down.y)));
    }
  }
  if (blur_px > 0) cv::GaussianBlur(fine, fine, {}, blur_px * supersampling);
  cv::Mat image;
  cv::resize(fine, image, {width_px, height_px}, 0, 0, cv::INTER_AREA);
  if (mirrored) cv::flip(image, image, 1);

  std::mt19937_64 bits(seed);
  const auto uniform = [&] { return (static_cast<double>(bits() >> 11) + 0.5) * 0x1p-53; };
  image.forEach<float>([&](float& value, const int* place) {
    const double light = 1 + illumination_slope * (static_cast<double>(place[1]) / width_px - 0.5);
    value = static_cast<float>((dark + (bright - dark) * value) * light);
  });
  for (int y = 0; y < height_px; ++y) {
    for (int x = 0; x < width_px; ++x) {
      const double gauss = std::sqrt(-2 * std::log(uniform())) * std::cos(2 * CV_PI * uniform());
      float& value = image.at<float>(y, x);
      value = static_cast<float>(std::clamp(std::round(value + noise * gauss), 0.0, 4095.0));
    }
  }
  return image;
}

Image image_of(const cv::Mat& rendered, SampleType type) {
  cv::Mat samples;
  if (type == SampleType::uint8) rendered.convertTo(samples, CV_8U, 1 / 16.0);
  if (type == SampleType::uint16) rendered.convertTo(samples, CV_16U);
  if (type == SampleType::float32) samples = rendered.clone();
  std::vector<std::byte> bytes(samples.total() * samples.elemSize());
  std::memcpy(bytes.data(), samples.data, bytes.size());
  return {type, rendered.cols, rendered.rows, std::move(bytes)};
}

Board a4_board() {
  return {.squares_x = 12, .squares_y = 17, .top_left_black = true, .markers = Markers{"DICT_6X6_250", 0, 11.0 / 15}};
}

Board chessboard() { return {.squares_x = 10, .squares_y = 7, .top_left_black = true, .markers = {}}; }

}  // namespace nearfar::vision::test
