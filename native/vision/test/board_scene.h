#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

#include "../core/board.h"
#include "../core/image.h"

namespace nearfar::vision::test {

/// A camera's exact view of a board: pinhole with one radial distortion term, Gaussian blur, 12-bit noise.
struct BoardScene {
  Board board;
  int width_px = 640, height_px = 480;
  double focal_px = 1200;
  /// Of one square at the board's centre, before the tilt.
  double square_px = 40;
  double tilt_x_deg = 0, tilt_y_deg = 0, roll_deg = 0;
  /// Of the board's centre from the image's centre.
  double shift_x_px = 0.37, shift_y_px = -0.21;
  /// undistorted = distorted (1 + k r²), r in units of the focal length.
  double distortion = 0;
  double blur_px = 1;
  double dark = 300, bright = 3300;  ///< Of 4095.
  /// The brightness grows by this share from the left to the right border.
  double illumination_slope = 0;
  double noise = 0;  ///< Standard deviation.
  std::uint64_t seed = 1;
  bool mirrored = false;

  /// Where corner `id` lies in the image.
  cv::Point2d corner(int id) const;
  /// 12 bits, 32-bit float values rounded to whole numbers.
  cv::Mat render() const;

 private:
  cv::Matx33d board_to_image() const;
};

/// The image in the sample type; 8 bits by dropping the lowest four.
Image image_of(const cv::Mat& rendered, SampleType type);

/// 12 × 17 squares of 15 mm with markers of 11 mm, as calibration/targets/charuco-a4.json.
Board a4_board();
/// 9 × 6 inner corners.
Board chessboard();

}  // namespace nearfar::vision::test
