#include "find_chart.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <opencv2/mcc/checker_detector.hpp>
#include <stdexcept>

#include "chart_grid.h"
#include "chart_orientation.h"

namespace nearfar::vision {
namespace {

constexpr int least_side_px = 64;
/// OpenCV warps with 16-bit coordinates.
constexpr int greatest_side_px = 32767;
/// Below this correlation something else has 24 squares.
constexpr double least_agreement = 0.6;
/// Patches that must show their edges, of the 24; the darkest four or five never do on a black body.
constexpr int least_measured = 10;
/// Greatest rms of their centres from a perspective grid, as a share of their distance.
constexpr double greatest_residual = 0.06;

/// One way to look: the picture's longer side, and how mcc works inside.
struct Pass {
  int long_side_px;
  int mcc_short_side_px;
  double threshold_constant;
};

/// From what nearly always works to what costs most.
constexpr Pass passes[] = {{1400, 1000, 7}, {700, 700, 7},   {1400, 1000, 3}, {2800, 1000, 7},
                           {2800, 2000, 7}, {1400, 1400, 10}, {5600, 4000, 7}};

/// mcc's boxes of what may be a chart, px of the picture: four corners with a margin of one gap.
std::vector<std::vector<cv::Point2d>> candidates(const cv::Mat& bgr, const Pass& pass) {
  const double scale = std::min(1.0, static_cast<double>(pass.long_side_px) / std::max(bgr.cols, bgr.rows));
  cv::Mat scaled;
  if (scale < 1) {
    cv::resize(bgr, scaled, {}, scale, scale, cv::INTER_AREA);
  } else {
    scaled = bgr.clone();
  }
  const auto parameters = cv::mcc::DetectorParameters::create();
  parameters->minImageSize = pass.mcc_short_side_px;
  parameters->adaptiveThreshConstant = pass.threshold_constant;
  const auto detector = cv::mcc::CCheckerDetector::create();
  std::vector<std::vector<cv::Point2d>> boxes;
  try {
    if (!detector->process(scaled, cv::mcc::MCC24, 3, false, parameters)) return boxes;
  } catch (const cv::Exception& error) {
    if (error.code == cv::Error::StsNoMem) throw;
    return boxes;  // mcc fails inside on pictures whose squares it cannot group; another pass may succeed
  }
  // Resizing keeps the outer edges of the picture together, half a px outside of the centres.
  const auto original = [scale](const cv::Point2f& at) {
    return cv::Point2d((at.x + 0.5) / scale - 0.5, (at.y + 0.5) / scale - 0.5);
  };
  for (const auto& checker : detector->getListColorChecker()) {
    std::vector<cv::Point2d> box;
    for (const auto& corner : checker->getBox()) box.push_back(original(corner));
    if (box.size() == 4) boxes.push_back(box);
  }
  return boxes;
}

std::optional<ChartFinding> judge(const cv::Mat& bgr, const std::vector<cv::Point2d>& box) {
  const auto grid = measure_chart_grid(bgr, box);
  if (!grid || grid->measured < least_measured || grid->residual > greatest_residual) return std::nullopt;
  const auto orientation = orient_chart(bgr, grid->picture_of_grid);
  if (orientation.agreement < least_agreement) return std::nullopt;
  ChartFinding finding;
  const double x = grid->patch_share.width / 2;
  const double y = grid->patch_share.height / 2;
  const std::array<cv::Point2d, 4> ends = {cv::Point2d(-x, -y), cv::Point2d(5 + x, -y), cv::Point2d(5 + x, 3 + y),
                                           cv::Point2d(-x, 3 + y)};
  for (std::size_t i = 0; i < 4; ++i) {
    finding.corners_px[i] = project(orientation.picture_of_chart, ends[i]);
  }
  const cv::Point2d across = finding.corners_px[1] - finding.corners_px[0];
  const cv::Point2d down = finding.corners_px[3] - finding.corners_px[0];
  finding.mirrored = across.cross(down) < 0;
  finding.patch_share = grid->patch_share;
  finding.agreement = orientation.agreement;
  finding.measured_patches = grid->measured;
  finding.residual_px = grid->residual * cv::norm(across) / (5 + 2 * x);
  return finding;
}

}  // namespace

std::optional<ChartFinding> find_chart(const cv::Mat& picture, const CancelFlag& cancel) {
  if (picture.type() != CV_8UC3) throw std::invalid_argument("the picture must have 8-bit R, G, B");
  if (std::min(picture.cols, picture.rows) < least_side_px) {
    throw std::invalid_argument("the picture must have at least 64 px on each side");
  }
  if (std::max(picture.cols, picture.rows) > greatest_side_px) {
    throw std::invalid_argument("the picture must have at most 32767 px on each side");
  }
  cv::Mat bgr;
  cv::cvtColor(picture, bgr, cv::COLOR_RGB2BGR);
  const int long_side = std::max(bgr.cols, bgr.rows);
  int before_px = 0;
  for (const Pass& pass : passes) {
    cancel.check();
    // A pass beyond the picture's own size would see what the one before saw.
    if (pass.long_side_px > 1400 && before_px >= long_side) break;
    before_px = std::max(before_px, pass.long_side_px);
    std::optional<ChartFinding> best;
    for (auto box : candidates(bgr, pass)) {
      cancel.check();
      auto finding = judge(bgr, box);
      if (!finding) {
        std::rotate(box.begin(), box.begin() + 1, box.end());
        finding = judge(bgr, box);
      }
      if (finding && (!best || finding->agreement > best->agreement)) best = finding;
    }
    if (best) return best;
  }
  return std::nullopt;
}

}  // namespace nearfar::vision
