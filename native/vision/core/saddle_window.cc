#include "saddle_window.h"

#include <algorithm>
#include <cmath>

namespace nearfar::vision {
namespace {

constexpr double greatest_squares = 1.0 / 3;
constexpr double least_px = 2;
/// Full weight up to this share of the radius, then a raised cosine: pixels that enter or leave with the sub-pixel
/// position must not pull.
constexpr double flat_share = 0.6;
/// Full weight from this distance to a marker on, in units of the blur, though from half of the rim at the latest;
/// none in the first third of it.
constexpr double marker_guard_blurs = 3;

double half_axis(double step_px, double greatest_px, double room_px) {
  return std::min(std::clamp(greatest_squares * step_px, least_px, greatest_px), room_px);
}

double fade(double radius) {
  if (radius >= 1) return 0;
  if (radius <= flat_share) return 1;
  return 0.5 + 0.5 * std::cos(CV_PI * (radius - flat_share) / (1 - flat_share));
}

double room_around(const Image& image, const cv::Point2d& at) {
  return std::min({at.x, at.y, image.width_px() - 1 - at.x, image.height_px() - 1 - at.y});
}

}  // namespace

std::optional<SaddleWindow> open_window(const Image& image, const SaddleGuess& guess, double greatest_px) {
  const double room_px = room_around(image, guess.at);
  const double step_x = cv::norm(guess.step_x);
  const double step_y = cv::norm(guess.step_y);
  const double half_x = half_axis(step_x, greatest_px, room_px);
  const double half_y = half_axis(step_y, greatest_px, room_px);
  if (!(std::min(half_x, half_y) >= least_px)) return std::nullopt;

  const cv::Matx22d steps(guess.step_x[0], guess.step_y[0], guess.step_x[1], guess.step_y[1]);
  const double area_of_square = std::abs(cv::determinant(steps));
  if (!(area_of_square > 0.1 * step_x * step_y)) return std::nullopt;
  const cv::Matx22d to_squares = steps.inv();
  const double guard = std::min(marker_guard_blurs * guess.blur_px / std::min(step_x, step_y), guess.rim_squares / 2);
  // The ellipse's half axes along skewed directions reach no further than their root sum of squares.
  const int reach = static_cast<int>(std::min(std::hypot(half_x, half_y), room_px));
  const cv::Point centre(cvRound(guess.at.x), cvRound(guess.at.y));
  const cv::Rect area = cv::Rect(centre.x - reach, centre.y - reach, 2 * reach + 1, 2 * reach + 1) &
                        cv::Rect(0, 0, image.width_px(), image.height_px());
  const cv::Mat patch = image.patch(area);

  SaddleWindow window{cv::Point2d(centre), std::max(half_x, half_y), {}};
  window.pixels.reserve(static_cast<std::size_t>(area.area()));
  for (int row = 0; row < area.height; ++row) {
    const float* values = patch.ptr<float>(row);
    for (int column = 0; column < area.width; ++column) {
      const cv::Vec2d offset(area.x + column - guess.at.x, area.y + row - guess.at.y);
      const cv::Vec2d squares = to_squares * offset;
      double weight = fade(std::hypot(squares[0] * step_x / half_x, squares[1] * step_y / half_y));
      const bool white = (squares[0] * squares[1] > 0) == guess.white_below_right;
      if (white) {
        const double to_marker = guess.rim_squares - std::min(std::abs(squares[0]), std::abs(squares[1]));
        const double ramp = std::clamp(1.5 * to_marker / guard - 0.5, 0.0, 1.0);
        weight *= ramp * ramp;
      }
      if (weight <= 0) continue;
      window.pixels.push_back({area.x + column - window.origin.x, area.y + row - window.origin.y,
                               values[column], weight});
    }
  }
  return window;
}

}  // namespace nearfar::vision
