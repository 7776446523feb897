#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "saddle.h"

namespace nearfar::vision {
namespace {

/// Smoothing as a share of a square: enough to swallow noise, too little to reach the markers.
constexpr double smoothing_squares = 0.05;
constexpr double least_smoothing_px = 0.8;

struct SecondDerivatives {
  cv::Mat xx, xy, yy;
};

SecondDerivatives second_derivatives(const cv::Mat& floats, double smoothing_px) {
  cv::Mat smooth;
  cv::GaussianBlur(floats, smooth, {}, smoothing_px);
  SecondDerivatives result;
  cv::Sobel(smooth, result.xx, CV_32F, 2, 0);
  cv::Sobel(smooth, result.xy, CV_32F, 1, 1);
  cv::Sobel(smooth, result.yy, CV_32F, 0, 2);
  return result;
}

}  // namespace

std::optional<cv::Point2d> find_saddle(const Image& image, const SaddleGuess& guess, double radius_px) {
  const double step = std::min(cv::norm(guess.step_x), cv::norm(guess.step_y));
  const double smoothing_px = std::max(least_smoothing_px, smoothing_squares * step);
  const int reach = static_cast<int>(std::ceil(radius_px + 2 * smoothing_px)) + 2;
  const cv::Point centre(cvRound(guess.at.x), cvRound(guess.at.y));
  const cv::Rect area(centre.x - reach, centre.y - reach, 2 * reach + 1, 2 * reach + 1);
  if (!image.contains(area)) return std::nullopt;

  const SecondDerivatives d = second_derivatives(image.patch(area), smoothing_px);
  const cv::Vec2d u = guess.step_x / cv::norm(guess.step_x);
  const cv::Vec2d v = guess.step_y / cv::norm(guess.step_y);
  const double sign = guess.white_below_right ? 1 : -1;
  double best = 0;
  std::optional<cv::Point2d> found;
  for (int y = 0; y < area.height; ++y) {
    for (int x = 0; x < area.width; ++x) {
      const cv::Point2d at(area.x + x, area.y + y);
      if (cv::norm(at - guess.at) > radius_px) continue;
      const double mixed = u[0] * v[0] * d.xx.at<float>(y, x) + (u[0] * v[1] + u[1] * v[0]) * d.xy.at<float>(y, x) +
                           u[1] * v[1] * d.yy.at<float>(y, x);
      if (sign * mixed <= best) continue;
      best = sign * mixed;
      found = at;
    }
  }
  return found;
}

}  // namespace nearfar::vision
