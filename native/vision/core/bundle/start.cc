#include "start.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <opencv2/calib3d.hpp>
#include <string>

#include "brown.h"

namespace nearfar::vision::bundle {
namespace {

/// Views that a focal length is judged by; more do not change the choice.
constexpr std::size_t judged_views = 12;
/// Focal lengths that are best by unrefined poses and then judged by refined ones.
constexpr std::size_t finalists = 4;

struct PlacedBoard {
  Pose pose;
  double error_px;  // rms over the corners
};

template <typename Numbers>
bool all_finite(const Numbers& numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](double value) { return std::isfinite(value); });
}

void check_corners(const std::vector<double>& corners_mm) {
  if (corners_mm.size() % 3 == 0 && all_finite(corners_mm)) return;
  throw std::invalid_argument("cornersMm must hold x, y and z of each corner");
}

void check_view(const StartView& view, const std::vector<double>& corners_mm) {
  const auto count = static_cast<std::int32_t>(corners_mm.size() / 3);
  const bool known = std::all_of(view.ids.begin(), view.ids.end(), [count](auto id) { return id >= 0 && id < count; });
  if (!known) throw std::invalid_argument("ids must be below " + std::to_string(count));
  if (view.points_px.size() == 2 * view.ids.size() && all_finite(view.points_px)) return;
  throw std::invalid_argument("pointsPx must hold x and y of each id");
}

std::vector<cv::Point3d> places_of(const StartView& view, const std::vector<double>& corners_mm) {
  std::vector<cv::Point3d> places;
  for (const std::int32_t id : view.ids) {
    const double* corner = &corners_mm[3 * static_cast<std::size_t>(id)];
    places.emplace_back(corner[0], corner[1], corner[2]);
  }
  return places;
}

/// In units of a camera with the same focal length and neither distortion nor principal point. Empty where a pixel
/// has no ray.
std::vector<cv::Point2d> straightened(const Intrinsics& intrinsics, const StartView& view) {
  std::vector<cv::Point2d> points;
  for (std::size_t i = 0; i < view.ids.size(); ++i) {
    const auto ray = ray_of(intrinsics.data(), {view.points_px[2 * i], view.points_px[2 * i + 1]});
    if (!ray) return {};
    points.emplace_back(intrinsics[0] * ray->x(), intrinsics[0] * ray->y());
  }
  return points;
}

/// Whether all lie in z = 0 to a thousandth of their extent.
bool is_flat(const std::vector<cv::Point3d>& places) {
  double extent = 0, height = 0;
  for (const cv::Point3d& place : places) {
    extent = std::max({extent, std::abs(place.x - places[0].x), std::abs(place.y - places[0].y)});
    height = std::max(height, std::abs(place.z));
  }
  return height <= 1e-3 * extent;
}

/// Whether a line through two of them comes within a thousandth of their extent of all.
bool on_one_line(const std::vector<cv::Point3d>& places) {
  const auto furthest = std::max_element(places.begin(), places.end(), [&](const auto& a, const auto& b) {
    return cv::norm(a - places[0]) < cv::norm(b - places[0]);
  });
  const cv::Point3d along = *furthest - places[0];
  return std::all_of(places.begin(), places.end(), [&](const cv::Point3d& place) {
    return cv::norm((place - places[0]).cross(along)) <= 1e-3 * along.dot(along);
  });
}

enum class Care { quick, refined };

std::optional<PlacedBoard> placed(const Intrinsics& intrinsics, const StartView& view,
                                  const std::vector<double>& corners_mm, Care care) {
  if (view.ids.size() < 4) return std::nullopt;
  const std::vector<cv::Point3d> places = places_of(view, corners_mm);
  const std::vector<cv::Point2d> points = straightened(intrinsics, view);
  if (points.empty() || on_one_line(places)) return std::nullopt;
  const cv::Matx33d matrix(intrinsics[0], 0, 0, 0, intrinsics[0], 0, 0, 0, 1);
  std::vector<cv::Mat> turns, shifts;
  cv::solvePnPGeneric(places, points, matrix, cv::noArray(), turns, shifts, false,
                      is_flat(places) ? cv::SOLVEPNP_IPPE : cv::SOLVEPNP_SQPNP);
  std::optional<PlacedBoard> best;
  for (std::size_t i = 0; i < turns.size(); ++i) {
    if (care == Care::refined) cv::solvePnPRefineLM(places, points, matrix, cv::noArray(), turns[i], shifts[i]);
    std::vector<cv::Point2d> projected;
    cv::projectPoints(places, turns[i], shifts[i], matrix, cv::noArray(), projected);
    const double error = cv::norm(projected, points, cv::NORM_L2) / std::sqrt(static_cast<double>(points.size()));
    cv::Matx33d rotation;
    cv::Rodrigues(turns[i], rotation);
    const bool before = std::all_of(places.begin(), places.end(), [&](const cv::Point3d& place) {
      return (rotation * place).z + shifts[i].at<double>(2) > 0;
    });
    if (!before || !std::isfinite(error) || (best && best->error_px <= error)) continue;
    best = PlacedBoard{{}, error};
    for (int axis = 0; axis < 3; ++axis) {
      best->pose[static_cast<std::size_t>(axis)] = turns[i].at<double>(axis);
      best->pose[static_cast<std::size_t>(axis) + 3] = shifts[i].at<double>(axis);
    }
  }
  return best;
}

/// Focal lengths worth trying.
std::vector<double> candidates(const std::vector<StartView>& views, int width_px, int height_px,
                               const std::vector<double>& corners_mm) {
  const double side = std::max(width_px, height_px);
  std::vector<double> focals;
  for (double focal = 0.5 * side; focal < 50 * side; focal *= 1.3) focals.push_back(focal);
  std::vector<std::vector<cv::Point3f>> places;
  std::vector<std::vector<cv::Point2f>> points;
  for (const StartView& view : views) {
    const std::vector<cv::Point3d> exact = places_of(view, corners_mm);
    if (exact.size() < 4 || !is_flat(exact) || on_one_line(exact)) continue;
    auto& flat = places.emplace_back();
    for (const cv::Point3d& place : exact) {
      flat.emplace_back(static_cast<float>(place.x), static_cast<float>(place.y), 0.F);
    }
    auto& seen = points.emplace_back();
    for (std::size_t i = 0; i < view.ids.size(); ++i) {
      seen.emplace_back(static_cast<float>(view.points_px[2 * i]), static_cast<float>(view.points_px[2 * i + 1]));
    }
  }
  if (places.empty()) return focals;
  const cv::Mat matrix = cv::initCameraMatrix2D(places, points, {width_px, height_px}, 1);
  const double closed_form = matrix.at<double>(0, 0);
  if (closed_form > 0.1 * side && closed_form < 100 * side) focals.push_back(closed_form);
  return focals;
}

/// Mean square over the views that have a pose; infinite when none has.
double mean_square(const Intrinsics& intrinsics, const std::vector<StartView>& views,
                   const std::vector<double>& corners_mm, Care care) {
  const std::size_t step = std::max<std::size_t>(1, views.size() / judged_views);
  double sum = 0;
  int count = 0;
  for (std::size_t i = 0; i < views.size(); i += step) {
    const auto board = placed(intrinsics, views[i], corners_mm, care);
    if (!board) continue;
    sum += board->error_px * board->error_px;
    count += 1;
  }
  return count > 0 ? sum / count : std::numeric_limits<double>::infinity();
}

}  // namespace

std::optional<Pose> start_pose(const Intrinsics& intrinsics, const StartView& view,
                               const std::vector<double>& corners_mm) {
  check_corners(corners_mm);
  check_view(view, corners_mm);
  if (!all_finite(intrinsics) || !(intrinsics[0] > 0 && intrinsics[1] > 0)) {
    throw std::invalid_argument("intrinsics must be finite, fx and fy above 0");
  }
  const auto board = placed(intrinsics, view, corners_mm, Care::refined);
  if (!board) return std::nullopt;
  return board->pose;
}

StartCamera start_camera(const std::vector<StartView>& views, int width_px, int height_px,
                         const std::vector<double>& corners_mm, const CancelFlag& flag) {
  check_corners(corners_mm);
  for (const StartView& view : views) check_view(view, corners_mm);
  if (width_px < 1 || height_px < 1) throw std::invalid_argument("the image size must be above 0");
  const auto pinhole = [&](double focal) {
    return Intrinsics{focal, focal, (width_px - 1) / 2.0, (height_px - 1) / 2.0, 0, 0, 0, 0, 0};
  };
  std::vector<std::pair<double, double>> ranked;  // mean square and focal length
  for (const double focal : candidates(views, width_px, height_px, corners_mm)) {
    flag.check();
    ranked.emplace_back(mean_square(pinhole(focal), views, corners_mm, Care::quick), focal);
  }
  std::sort(ranked.begin(), ranked.end());
  ranked.resize(std::min(ranked.size(), finalists));
  for (auto& [square, focal] : ranked) {
    flag.check();
    square = mean_square(pinhole(focal), views, corners_mm, Care::refined);
  }
  const auto [least, focal] = *std::min_element(ranked.begin(), ranked.end());
  StartCamera start{.intrinsics = pinhole(focal), .poses = {}};
  if (!std::isfinite(least)) throw Undetermined("no view shows four corners that are not on one line");
  for (const StartView& view : views) {
    const auto board = placed(start.intrinsics, view, corners_mm, Care::refined);
    start.poses.push_back(board ? std::optional(board->pose) : std::nullopt);
  }
  return start;
}

}  // namespace nearfar::vision::bundle
