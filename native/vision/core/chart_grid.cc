#include "chart_grid.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>

namespace nearfar::vision {
namespace {

/// The rectified chart: px from one patch's centre to the next, and px around the outer centres.
constexpr int pitch_px = 48;
constexpr int margin_px = 48;
/// mcc's box runs this far outside of the outer centres, in distances of the centres (2.5 / 2 + 0.25 over 2.75).
constexpr double box_margin = 1.5 / 2.75;
/// Where a patch's edge is sought from its centre, in distances of the centres.
constexpr double nearest_edge = 0.28;
constexpr double furthest_edge = 0.62;
/// Least difference of patch and body in 8-bit color that gives an edge worth measuring.
constexpr double least_contrast = 28;
constexpr int rounds = 3;
/// Twice what a homography takes.
constexpr std::size_t fewest_patches = 8;

cv::Point2d rectified_of(double column, double row) {
  return {margin_px + column * pitch_px, margin_px + row * pitch_px};
}

/// From (column, row) to px of the rectified chart.
cv::Matx33d rectified_of_grid() {
  return {pitch_px, 0, margin_px, 0, pitch_px, margin_px, 0, 0, 1};
}

cv::Mat rectify(const cv::Mat& bgr, const cv::Matx33d& picture_of_grid) {
  const cv::Matx33d picture_of_rectified = picture_of_grid * rectified_of_grid().inv();
  const cv::Size size(2 * margin_px + (chart_columns - 1) * pitch_px + 1,
                      2 * margin_px + (chart_rows - 1) * pitch_px + 1);
  cv::Mat rectified;
  cv::warpPerspective(bgr, rectified, picture_of_rectified, size, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                      cv::BORDER_REPLICATE);
  cv::GaussianBlur(rectified, rectified, {}, 0.8);
  cv::Mat floats;
  rectified.convertTo(floats, CV_32FC3);
  return floats;
}

double distance(const cv::Vec3f& a, const cv::Vec3f& b) { return cv::norm(a - b); }

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// The body's color: the darkest px near each meeting of four patches, the median of those.
cv::Vec3f body_color(const cv::Mat& rectified) {
  std::array<std::vector<double>, 3> channels;
  for (int row = 0; row + 1 < chart_rows; ++row) {
    for (int column = 0; column + 1 < chart_columns; ++column) {
      const cv::Point centre = rectified_of(column + 0.5, row + 0.5);
      cv::Vec3f darkest(1e9F, 1e9F, 1e9F);
      for (int dy = -pitch_px / 6; dy <= pitch_px / 6; ++dy) {
        for (int dx = -pitch_px / 6; dx <= pitch_px / 6; ++dx) {
          const auto& color = rectified.at<cv::Vec3f>(centre + cv::Point(dx, dy));
          if (cv::sum(color)[0] < cv::sum(darkest)[0]) darkest = color;
        }
      }
      for (int c = 0; c < 3; ++c) channels[static_cast<std::size_t>(c)].push_back(darkest[c]);
    }
  }
  cv::Vec3f median;
  for (int c = 0; c < 3; ++c) median[c] = static_cast<float>(median_of(channels[static_cast<std::size_t>(c)]));
  return median;
}

/// Distance from `centre` along `step` at which the patch gives way to the body, px; none when it does not.
std::optional<double> edge_from(const cv::Mat& rectified, const cv::Point& centre, const cv::Point& step,
                                const cv::Vec3f& patch, const cv::Vec3f& body) {
  const cv::Point aside(step.y, step.x);
  const cv::Vec3f contrast = patch - body;
  const double square = contrast.dot(contrast);
  double before = 1;
  for (int along = 0; along <= std::lround(furthest_edge * pitch_px); ++along) {
    double share = 0;
    int count = 0;
    for (int across = -pitch_px / 8; across <= pitch_px / 8; ++across, ++count) {
      const cv::Vec3f color = rectified.at<cv::Vec3f>(centre + step * along + aside * across);
      share += (color - body).dot(contrast) / square;
    }
    share /= count;
    if (share < 0.5) {
      const double at = along - (0.5 - share) / (before - share);
      return at >= nearest_edge * pitch_px ? std::optional(at) : std::nullopt;
    }
    before = share;
  }
  return std::nullopt;
}

struct MeasuredPatch {
  cv::Point2d grid;
  cv::Point2d centre_px;
  cv::Size2d size_px;
};

std::optional<MeasuredPatch> measure_patch(const cv::Mat& rectified, int column, int row, const cv::Vec3f& body) {
  const cv::Point nominal = rectified_of(column, row);
  const cv::Rect inner(nominal.x - pitch_px / 8, nominal.y - pitch_px / 8, pitch_px / 4 + 1, pitch_px / 4 + 1);
  const cv::Scalar mean = cv::mean(rectified(inner));
  const cv::Vec3f patch(static_cast<float>(mean[0]), static_cast<float>(mean[1]), static_cast<float>(mean[2]));
  if (distance(patch, body) < least_contrast) return std::nullopt;
  const auto right = edge_from(rectified, nominal, {1, 0}, patch, body);
  const auto left = edge_from(rectified, nominal, {-1, 0}, patch, body);
  const auto below = edge_from(rectified, nominal, {0, 1}, patch, body);
  const auto above = edge_from(rectified, nominal, {0, -1}, patch, body);
  if (!right || !left || !below || !above) return std::nullopt;
  const double width = *right + *left;
  const double height = *below + *above;
  if (std::abs(width - height) > 0.15 * pitch_px) return std::nullopt;
  return MeasuredPatch{{static_cast<double>(column), static_cast<double>(row)},
                       cv::Point2d(nominal) + cv::Point2d((*right - *left) / 2, (*below - *above) / 2),
                       {width, height}};
}

std::vector<MeasuredPatch> measure_patches(const cv::Mat& rectified) {
  const cv::Vec3f body = body_color(rectified);
  std::vector<MeasuredPatch> patches;
  for (int row = 0; row < chart_rows; ++row) {
    for (int column = 0; column < chart_columns; ++column) {
      if (const auto patch = measure_patch(rectified, column, row, body)) patches.push_back(*patch);
    }
  }
  return patches;
}

/// The homography from the grid to the rectified chart, and the patches that follow it.
std::optional<std::pair<cv::Matx33d, std::vector<MeasuredPatch>>> fit_grid(const std::vector<MeasuredPatch>& patches) {
  if (patches.size() < fewest_patches) return std::nullopt;
  std::vector<cv::Point2d> sources;
  std::vector<cv::Point2d> targets;
  for (const auto& patch : patches) {
    sources.push_back(patch.grid);
    targets.push_back(patch.centre_px);
  }
  std::vector<unsigned char> follows;
  const cv::Mat found = cv::findHomography(sources, targets, cv::RANSAC, 0.06 * pitch_px, follows);
  if (found.empty()) return std::nullopt;
  std::vector<MeasuredPatch> kept;
  for (std::size_t i = 0; i < patches.size(); ++i) {
    if (follows[i]) kept.push_back(patches[i]);
  }
  if (kept.size() < fewest_patches) return std::nullopt;
  return std::pair(cv::Matx33d(found), kept);
}

}  // namespace

std::optional<ChartGrid> measure_chart_grid(const cv::Mat& bgr, const std::vector<cv::Point2d>& box) {
  const double right = chart_columns - 1 + box_margin;
  const double bottom = chart_rows - 1 + box_margin;
  const std::vector<cv::Point2d> corners = {
      {-box_margin, -box_margin}, {right, -box_margin}, {right, bottom}, {-box_margin, bottom}};
  const cv::Mat start = cv::findHomography(corners, box);
  if (start.empty()) return std::nullopt;
  ChartGrid grid;
  grid.picture_of_grid = start;
  for (int round = 0; round < rounds; ++round) {
    const auto fitted = fit_grid(measure_patches(rectify(bgr, grid.picture_of_grid)));
    if (!fitted) return std::nullopt;
    const auto& [rectified_of_true, kept] = *fitted;
    double squares = 0;
    std::vector<double> widths;
    std::vector<double> heights;
    for (const auto& patch : kept) {
      const cv::Point2d off = project(rectified_of_true, patch.grid) - patch.centre_px;
      squares += off.dot(off);
      widths.push_back(patch.size_px.width);
      heights.push_back(patch.size_px.height);
    }
    grid.measured = static_cast<int>(kept.size());
    grid.residual = std::sqrt(squares / static_cast<double>(kept.size())) / pitch_px;
    grid.patch_share = {median_of(widths) / pitch_px, median_of(heights) / pitch_px};
    grid.picture_of_grid = grid.picture_of_grid * rectified_of_grid().inv() * rectified_of_true;
  }
  return grid;
}

}  // namespace nearfar::vision
