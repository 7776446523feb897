#include "image.h"

#include <stdexcept>
#include <string>
#include <utility>

namespace nearfar::vision {
namespace {

constexpr int least_side_px = 16;
constexpr int greatest_side_px = 32767;  // of OpenCV's remapping and contours

int opencv_type(SampleType type) {
  return type == SampleType::uint8 ? CV_8UC1 : type == SampleType::uint16 ? CV_16UC1 : CV_32FC1;
}

void check_side(const char* name, int px) {
  if (px >= least_side_px && px <= greatest_side_px) return;
  throw std::invalid_argument(std::string(name) + " is " + std::to_string(px) + ", not " +
                              std::to_string(least_side_px) + " to " + std::to_string(greatest_side_px) + " px");
}

}  // namespace

Image::Image(SampleType type, int width_px, int height_px, std::vector<std::byte> samples)
    : samples_(std::move(samples)) {
  check_side("widthPx", width_px);
  check_side("heightPx", height_px);
  const std::size_t count = static_cast<std::size_t>(width_px) * static_cast<std::size_t>(height_px);
  if (samples_.size() != count * bytes_of(type)) {
    throw std::invalid_argument("the image has " + std::to_string(samples_.size() / bytes_of(type)) +
                                " samples, but " + std::to_string(width_px) + " × " + std::to_string(height_px) +
                                " px need " + std::to_string(count));
  }
  pixels_ = cv::Mat(height_px, width_px, opencv_type(type), samples_.data());
}

bool Image::contains(const cv::Rect& area) const {
  return area.x >= 0 && area.y >= 0 && area.x + area.width <= width_px() && area.y + area.height <= height_px();
}

cv::Mat Image::patch(const cv::Rect& area) const {
  cv::Mat floats;
  pixels_(area).convertTo(floats, CV_32F);
  return floats;
}

}  // namespace nearfar::vision
