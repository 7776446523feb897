#include "marker_search.h"

#include <algorithm>
#include <opencv2/aruco.hpp>
#include <utility>

#include "dictionary.h"
#include "preview.h"

namespace nearfar::vision {
namespace {

/// Images are reduced to no less than this for the first search.
constexpr int search_side_px = 640;
/// Markers whose shortest side is below this (8 cells of 2.25 px) deserve a finer image. Not all must be read:
/// corners that no marker promises are found from their neighbours.
constexpr double readable_side_px = 18;
/// Larger images are not enlarged when nothing is read: their markers are not small.
constexpr int sharpened_side_px = 2600;

using Quad = std::vector<cv::Point2f>;

cv::Ptr<cv::aruco::DetectorParameters> search_parameters(const cv::Mat& gray) {
  auto parameters = cv::aruco::DetectorParameters::create();
  // Of the longer side of the image: markers of about 12 px and up whatever its size.
  parameters->minMarkerPerimeterRate = 48.0 / std::max(gray.cols, gray.rows);
  // A blurred or small marker's outline is round at the corners.
  parameters->polygonalApproxAccuracyRate = 0.05;
  return parameters;
}

std::vector<SeenMarker> read_markers(const Preview& preview, const cv::Mat& gray,
                                     const cv::Ptr<cv::aruco::Dictionary>& dictionary, bool flipped) {
  std::vector<Quad> quads;
  std::vector<int> indices;
  cv::aruco::detectMarkers(gray, dictionary, quads, indices, search_parameters(gray));
  std::vector<SeenMarker> markers;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    SeenMarker marker{indices[i], {}};
    for (std::size_t corner = 0; corner < 4; ++corner) {
      cv::Point2f point = quads[i][corner];
      if (flipped) point.x = static_cast<float>(gray.cols - 1) - point.x;
      marker.corners[corner] = preview.to_full(point);
    }
    markers.push_back(marker);
  }
  // An index that was read twice says that one of the two is no marker of this board.
  std::sort(markers.begin(), markers.end(), [](const auto& a, const auto& b) { return a.index < b.index; });
  std::vector<SeenMarker> single;
  for (std::size_t i = 0; i < markers.size(); ++i) {
    const bool like_previous = i > 0 && markers[i - 1].index == markers[i].index;
    const bool like_next = i + 1 < markers.size() && markers[i + 1].index == markers[i].index;
    if (!like_previous && !like_next) single.push_back(markers[i]);
  }
  return single;
}

MarkerFinding search_preview(const Preview& preview, const cv::Ptr<cv::aruco::Dictionary>& dictionary,
                             const CancelFlag& cancel) {
  MarkerFinding as_it_is{read_markers(preview, preview.gray, dictionary, false), false};
  if (!as_it_is.markers.empty()) return as_it_is;
  cancel.check();
  cv::Mat flipped;
  cv::flip(preview.gray, flipped, 1);
  MarkerFinding mirrored{read_markers(preview, flipped, dictionary, true), false};
  mirrored.mirrored = !mirrored.markers.empty();
  return mirrored;
}

double shortest_side(const std::vector<SeenMarker>& markers) {
  double shortest = 1e9;
  for (const SeenMarker& marker : markers) {
    for (std::size_t i = 0; i < 4; ++i) {
      shortest = std::min(shortest, cv::norm(marker.corners[i] - marker.corners[(i + 1) % 4]));
    }
  }
  return shortest;
}

}  // namespace

std::array<cv::Point2d, 4> marker_on_board(const Board& board, const cv::Point2d& white_square) {
  const double near = board.rim_squares();
  const double far = 1 - near;
  return {white_square + cv::Point2d(near, near), white_square + cv::Point2d(far, near),
          white_square + cv::Point2d(far, far), white_square + cv::Point2d(near, far)};
}

MarkerFinding find_markers(const Image& image, const Board& board, const CancelFlag& cancel) {
  const auto dictionary = part_of_dictionary(board.markers->dictionary, board.markers->first_id,
                                             static_cast<int>(board.white_squares().size()));
  const int longer_side = std::max(image.width_px(), image.height_px());
  int reduction = search_reduction(image, search_side_px);
  MarkerFinding best;
  while (true) {
    cancel.check();
    const Preview preview = make_preview(image, reduction);
    MarkerFinding found = search_preview(preview, dictionary, cancel);
    const bool last = reduction == 1;
    if (last && found.markers.empty() && best.markers.empty() && longer_side <= sharpened_side_px) {
      found = search_preview(sharpen(preview), dictionary, cancel);
    }
    if (found.markers.size() >= best.markers.size()) best = std::move(found);
    const bool readable = !best.markers.empty() && shortest_side(best.markers) >= readable_side_px * reduction;
    if (last || readable) return best;
    reduction = std::max(1, reduction / 2);
  }
}

}  // namespace nearfar::vision
