#pragma once

#include <cstddef>
#include <opencv2/core.hpp>
#include <vector>

namespace nearfar::vision {

enum class SampleType { uint8, uint16, float32 };

constexpr std::size_t bytes_of(SampleType type) {
  return type == SampleType::uint8 ? 1 : type == SampleType::uint16 ? 2 : 4;
}

/// A single-channel image that owns its samples. Pixel centres at integers.
class Image {
 public:
  /// @param samples row by row, `width × height` of `type`.
  /// Throws std::invalid_argument when a side is outside 16 to 32767 px or the length does not fit.
  Image(SampleType type, int width_px, int height_px, std::vector<std::byte> samples);

  int width_px() const { return pixels_.cols; }
  int height_px() const { return pixels_.rows; }
  bool contains(const cv::Rect& area) const;
  /// Part of the image, or all of it, in its own sample type; shares the samples.
  cv::Mat view(const cv::Rect& area) const { return pixels_(area); }
  cv::Mat view() const { return pixels_; }
  /// Part of the image as 32-bit floats, values unchanged.
  cv::Mat patch(const cv::Rect& area) const;

 private:
  std::vector<std::byte> samples_;
  cv::Mat pixels_;
};

}  // namespace nearfar::vision
