#include "preview.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

namespace nearfar::vision {
namespace {

constexpr int least_side_px = 200;
constexpr double clipped_share = 0.005;
constexpr int probes_a_side = 256;
/// Of the enlarged image: unsharp masking that reads markers with a blur of up to half a cell.
constexpr double sharpening_blur_px = 5;
constexpr double sharpening_amount = 2.5;

std::pair<float, float> range_of(const cv::Mat& floats) {
  const int step_x = std::max(1, floats.cols / probes_a_side);
  const int step_y = std::max(1, floats.rows / probes_a_side);
  std::vector<float> probes;
  for (int y = 0; y < floats.rows; y += step_y) {
    for (int x = 0; x < floats.cols; x += step_x) {
      if (const float value = floats.at<float>(y, x); std::isfinite(value)) probes.push_back(value);
    }
  }
  if (probes.empty()) return {0, 0};
  const auto place = static_cast<std::ptrdiff_t>(clipped_share * static_cast<double>(probes.size() - 1));
  std::nth_element(probes.begin(), probes.begin() + place, probes.end());
  const float low = probes[static_cast<std::size_t>(place)];
  std::nth_element(probes.begin(), probes.end() - 1 - place, probes.end());
  return {low, *(probes.end() - 1 - place)};
}

}  // namespace

cv::Point2d Preview::to_full(const cv::Point2f& point) const {
  return {(point.x + 0.5) * pixel_px - 0.5, (point.y + 0.5) * pixel_px - 0.5};
}

int search_reduction(const Image& image, int longer_side_px) {
  const auto [shorter, longer] = std::minmax({image.width_px(), image.height_px()});
  return std::max(1, std::min(longer / longer_side_px, shorter / least_side_px));
}

Preview make_preview(const Image& image, int reduction) {
  const cv::Size size(image.width_px() / reduction, image.height_px() / reduction);
  const cv::Mat whole_blocks = image.view({0, 0, size.width * reduction, size.height * reduction});
  cv::Mat reduced = whole_blocks;
  if (reduction > 1) cv::resize(whole_blocks, reduced, size, 0, 0, cv::INTER_AREA);
  cv::Mat floats;
  reduced.convertTo(floats, CV_32F);
  const auto [low, high] = range_of(floats);
  Preview preview{cv::Mat::zeros(size, CV_8U), static_cast<double>(reduction)};
  if (!(high > low)) return preview;
  const double scale = 1.0 / (static_cast<double>(high) - low);
  floats.convertTo(floats, CV_32F, scale, -low * scale);
  cv::max(floats, 0.0, floats);
  cv::sqrt(floats, floats);
  floats.convertTo(preview.gray, CV_8U, 255);
  return preview;
}

Preview sharpen(const Preview& preview) {
  Preview result{{}, preview.pixel_px / 2};
  cv::resize(preview.gray, result.gray, {}, 2, 2, cv::INTER_CUBIC);
  cv::Mat soft;
  cv::GaussianBlur(result.gray, soft, {}, sharpening_blur_px);
  cv::addWeighted(result.gray, 1 + sharpening_amount, soft, -sharpening_amount, 0, result.gray);
  return result;
}

}  // namespace nearfar::vision
