#include "chart_orientation.h"

#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "chart_grid.h"

namespace nearfar::vision {
namespace {

constexpr int patch_count = chart_columns * chart_rows;
using PatchColors = std::array<cv::Vec3d, patch_count>;

/// sRGB of the patches, R G B, row-major (X-Rite, after November 2014); editions differ by less than matters here.
constexpr double reference[patch_count][3] = {
    {116, 79, 65},  {197, 144, 127}, {91, 120, 155}, {91, 108, 64},   {131, 127, 175}, {95, 189, 172},
    {224, 124, 48}, {69, 90, 167},   {197, 80, 95},  {93, 58, 104},   {156, 187, 58},  {227, 161, 39},
    {40, 62, 145},  {61, 147, 70},   {178, 54, 57},  {236, 199, 15},  {191, 79, 146},  {0, 133, 165},
    {241, 242, 235}, {201, 202, 201}, {161, 163, 163}, {121, 121, 121}, {83, 84, 85},   {50, 50, 50}};

PatchColors sample(const cv::Mat& bgr, const cv::Matx33d& picture_of_grid) {
  constexpr int steps = 7;
  constexpr double reach = 0.25;
  PatchColors colors;
  for (int patch = 0; patch < patch_count; ++patch) {
    cv::Vec3d sum;
    int count = 0;
    for (int j = 0; j < steps; ++j) {
      for (int i = 0; i < steps; ++i) {
        const double column = patch % chart_columns + reach * (2.0 * i / (steps - 1) - 1);
        const double row = patch / chart_columns + reach * (2.0 * j / (steps - 1) - 1);
        const cv::Point at = project(picture_of_grid, {column, row});
        if (at.x < 0 || at.y < 0 || at.x >= bgr.cols || at.y >= bgr.rows) continue;
        const auto& color = bgr.at<cv::Vec3b>(at);
        sum += cv::Vec3d(color[2], color[1], color[0]);
        ++count;
      }
    }
    colors[static_cast<std::size_t>(patch)] = count > 0 ? sum / static_cast<double>(count) : cv::Vec3d();
  }
  return colors;
}

/// Pearson's, over the patches of one channel.
double correlation(const PatchColors& colors, int channel) {
  double mean = 0;
  double mean_reference = 0;
  for (std::size_t i = 0; i < patch_count; ++i) {
    mean += colors[i][channel] / patch_count;
    mean_reference += reference[i][channel] / patch_count;
  }
  double both = 0;
  double square = 0;
  double square_reference = 0;
  for (std::size_t i = 0; i < patch_count; ++i) {
    const double off = colors[i][channel] - mean;
    const double off_reference = reference[i][channel] - mean_reference;
    both += off * off_reference;
    square += off * off;
    square_reference += off_reference * off_reference;
  }
  return square > 0 ? both / std::sqrt(square * square_reference) : 0;
}

}  // namespace

ChartOrientation orient_chart(const cv::Mat& bgr, const cv::Matx33d& picture_of_grid) {
  const cv::Matx33d flip_x(-1, 0, chart_columns - 1, 0, 1, 0, 0, 0, 1);
  const cv::Matx33d flip_y(1, 0, 0, 0, -1, chart_rows - 1, 0, 0, 1);
  const std::array<cv::Matx33d, 4> ways = {cv::Matx33d::eye(), flip_x * flip_y, flip_x, flip_y};
  ChartOrientation best;
  best.agreement = -1;
  for (const auto& way : ways) {
    const cv::Matx33d picture_of_chart = picture_of_grid * way;
    const PatchColors colors = sample(bgr, picture_of_chart);
    const double agreement = (correlation(colors, 0) + correlation(colors, 1) + correlation(colors, 2)) / 3;
    if (agreement > best.agreement) best = {picture_of_chart, agreement};
  }
  return best;
}

}  // namespace nearfar::vision
