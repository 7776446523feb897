#pragma once

#include <opencv2/core.hpp>
#include <optional>

#include "image.h"

namespace nearfar::vision {

/// Where four squares should meet, and how they lie in the image.
struct SaddleGuess {
  cv::Point2d at;
  /// From the corner to its neighbours along the board's +x and +y, px per square; any handedness.
  cv::Vec2d step_x, step_y;
  /// Curvature (1/px) of the board's row and column lines, positive where they bend towards +y and +x.
  double row_curvature = 0, column_curvature = 0;
  bool white_below_right = true;
  /// White rim around the markers in the white squares, in squares; 1 where there are no markers.
  double rim_squares = 1;
  /// Standard deviation of the edges' blur.
  double blur_px = 1;
};

struct SaddleFit {
  cv::Point2d at;
  double sigma_px = 0;
  double blur_px = 0;
  /// Longer half axis of the window.
  double window_px = 0;
};

/// The point within `radius_px` of the guess where the image looks most like this saddle at the scale of the
/// squares, to about a pixel; none when nothing there has its signs or the image ends there.
std::optional<cv::Point2d> find_saddle(const Image& image, const SaddleGuess& guess, double radius_px);

/// A rough fit sees less of the squares and ends earlier; it is good to some hundredths of a pixel.
enum class Effort { rough, full };

/// Fits two blurred edges that cross to the image around the guess (good to about 2 px), by weighted least squares:
/// position, the two directions, blur, contrast and an illumination gradient are free. The model and the window, an
/// ellipse of at most a third of a square without the markers, are symmetric about the corner, as the image of a
/// corner is; so neither blur nor tilt nor a nonlinear sensor moves the result.
/// @returns none when the window does not fit into the image, or what is there is not such a saddle.
std::optional<SaddleFit> fit_saddle(const Image& image, const SaddleGuess& guess, Effort effort);

}  // namespace nearfar::vision
