#include "coarse_start.h"

#include <cmath>

namespace nearfar::vision::reference {
namespace {

/// Either way, in eighths of a factor of 2.
constexpr int scale_steps = 4;
/// What correlation must gain to go all the way: patterns that repeat, as boards do, fit in many places, and arms that
/// are mounted with care show nearly the same.
constexpr double far_away = 0.5;

/// Sums of a correlation.
struct Moments {
  double count = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;

  void add(double a, double b) {
    count += 1;
    x += a;
    y += b;
    xx += a * a;
    yy += b * b;
    xy += a * b;
  }
  double correlation() const {
    const double varianceX = xx - x * x / count;
    const double varianceY = yy - y * y / count;
    return varianceX > 0 && varianceY > 0 ? (xy - x * y / count) / std::sqrt(varianceX * varianceY) : -1;
  }
};

/// Correlation under a homography, by the nearest pixels; -1 where less than a third of the plane overlaps.
double correlation_under(const Plane& fixed, const Plane& moving, const cv::Matx33d& h) {
  Moments moments;
  for (int y = 0; y < fixed.height; ++y) {
    for (int x = 0; x < fixed.width; ++x) {
      const std::size_t at = fixed.index(x, y);
      if (!fixed.valid[at]) continue;
      const double depth = h(2, 0) * x + h(2, 1) * y + h(2, 2);
      const double to_x = (h(0, 0) * x + h(0, 1) * y + h(0, 2)) / depth + 0.5;
      const double to_y = (h(1, 0) * x + h(1, 1) * y + h(1, 2)) / depth + 0.5;
      if (!(to_x >= 0 && to_y >= 0 && to_x < moving.width && to_y < moving.height)) continue;
      const std::size_t there = moving.index(static_cast<int>(to_x), static_cast<int>(to_y));
      if (moving.valid[there]) moments.add(fixed.samples[at], moving.samples[there]);
    }
  }
  const double whole = static_cast<double>(fixed.width) * fixed.height;
  return moments.count * 3 >= whole ? moments.correlation() : -1;
}

/// Scales about the middle of the fixed plane, then shifts.
cv::Matx33d scale_and_shift(const Plane& fixed, double scale, double shift_x, double shift_y) {
  const double x = (fixed.width - 1) / 2.0;
  const double y = (fixed.height - 1) / 2.0;
  return {scale, 0, x - scale * x + shift_x, 0, scale, y - scale * y + shift_y, 0, 0, 1};
}

/// What is added to a start, in steps of a scale and of px.
struct Nudge {
  int scale = 0;
  int x = 0;
  int y = 0;
};

class Search {
 public:
  Search(const Plane& fixed, const Plane& moving, const cv::Matx33d& start)
      : fixed_(fixed), moving_(moving), start_(start), reach_x_(fixed.width / 4), reach_y_(fixed.height / 4) {
    consider({});
  }

  int reach_x() const { return reach_x_; }
  int reach_y() const { return reach_y_; }
  const Nudge& best() const { return best_; }
  cv::Matx33d homography() const { return under(best_); }

  void consider(const Nudge& nudge) {
    const double away = std::hypot(static_cast<double>(nudge.scale) / scale_steps,
                                   static_cast<double>(nudge.x) / reach_x_, static_cast<double>(nudge.y) / reach_y_);
    const double merit = correlation_under(fixed_, moving_, under(nudge)) - far_away * away * away;
    if (merit <= highest_) return;
    highest_ = merit;
    best_ = nudge;
  }

 private:
  cv::Matx33d under(const Nudge& nudge) const {
    return start_ * scale_and_shift(fixed_, std::exp2(nudge.scale / 8.0), nudge.x, nudge.y);
  }

  const Plane& fixed_;
  const Plane& moving_;
  const cv::Matx33d start_;
  const int reach_x_;
  const int reach_y_;
  Nudge best_;
  double highest_ = -2;
};

}  // namespace

cv::Matx33d coarse_start(const Plane& fixed, const Plane& moving, const cv::Matx33d& start, const CancelFlag& flag) {
  Search search(fixed, moving, start);
  for (int scale = -scale_steps; scale <= scale_steps; ++scale) {
    for (int y = -search.reach_y(); y <= search.reach_y(); y += 2) {
      flag.check();
      for (int x = -search.reach_x(); x <= search.reach_x(); x += 2) search.consider({scale, x, y});
    }
  }
  const Nudge rough = search.best();
  for (int y = rough.y - 1; y <= rough.y + 1; ++y) {
    for (int x = rough.x - 1; x <= rough.x + 1; ++x) search.consider({rough.scale, x, y});
  }
  return search.homography();
}

}  // namespace nearfar::vision::reference
