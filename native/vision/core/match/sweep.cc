#include "sweep.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nearfar::vision::match {
namespace {

/// Costs are negative log likelihoods a pixel, bent to at most this.
constexpr float cost_limit = 4;
/// What images differ by beyond their noise, as a share of the signal.
constexpr float misfit_share = 0.006F;
/// How well the gain between the arms is known locally, as a share of the (rooted) signal.
constexpr float gain_share = 0.025F;
constexpr int window_radius = 2;
constexpr float step_penalty = 0.12F;
constexpr float jump_penalty = 1.6F;
constexpr int least_planes = 32;
constexpr int most_planes = 128;

struct Planes {
  std::vector<double> depths_mm;
};

Planes planes_of(const Level& own, const Mapper& mapper, double from_mm, double to_mm) {
  const double first = std::log(mapper.ratio(from_mm)), last = std::log(mapper.ratio(to_mm));
  // A step moves pixels halfway to the border by half a pixel.
  const double step = 1.0 / (own.signal.size * 0.5);
  const int count =
      std::clamp(static_cast<int>(std::ceil(std::abs(last - first) / step)) + 1, least_planes, most_planes);
  Planes planes;
  for (int k = 0; k < count; k++) {
    planes.depths_mm.push_back(mapper.depth_of(std::exp(first + (last - first) * k / (count - 1))));
  }
  return planes;
}

void warp(const Level& other, const Mapper& mapper, double depth_mm, Level& warped) {
  const int size = other.signal.size;
  for (int y = 0; y < size; y++) {
    for (int x = 0; x < size; x++) {
      const Place place = mapper(x, y, depth_mm);
      warped.weight.at(x, y) = 0;
      warped.signal.at(x, y) = 0;
      if (!(place.x >= 0 && place.y >= 0 && place.x < size - 1 && place.y < size - 1)) continue;
      const int left = static_cast<int>(place.x), top = static_cast<int>(place.y);
      const float a = static_cast<float>(place.x - left), b = static_cast<float>(place.y - top);
      const float* w0 = other.weight.row(top) + left;
      const float* w1 = w0 + size;
      if (w0[0] < 0.5F || w0[1] < 0.5F || w1[0] < 0.5F || w1[1] < 0.5F) continue;
      const float* s0 = other.signal.row(top) + left;
      const float* s1 = s0 + size;
      warped.weight.at(x, y) = 1;
      warped.signal.at(x, y) = (1 - b) * ((1 - a) * s0[0] + a * s0[1]) + b * ((1 - a) * s1[0] + a * s1[1]);
    }
  }
}

double central_mean(const Level& level) {
  const int size = level.signal.size;
  double sum = 0, weights = 1e-9;
  for (int y = size / 4; y < size * 3 / 4; y++) {
    for (int x = size / 4; x < size * 3 / 4; x++) {
      sum += level.weight.at(x, y) * level.signal.at(x, y);
      weights += level.weight.at(x, y);
    }
  }
  return sum / weights;
}

/// Sums over square windows, by running sums.
void box(Plane& field, std::vector<double>& scratch) {
  const int size = field.size, r = window_radius;
  scratch.assign(size + 1, 0);
  for (int y = 0; y < size; y++) {
    float* row = field.row(y);
    for (int x = 0; x < size; x++) scratch[x + 1] = scratch[x] + row[x];
    for (int x = 0; x < size; x++) {
      row[x] = static_cast<float>(scratch[std::min(size, x + r + 1)] - scratch[std::max(0, x - r)]);
    }
  }
  for (int x = 0; x < size; x++) {
    for (int y = 0; y < size; y++) scratch[y + 1] = scratch[y] + field.at(x, y);
    for (int y = 0; y < size; y++) {
      field.at(x, y) = static_cast<float>(scratch[std::min(size, y + r + 1)] - scratch[std::max(0, y - r)]);
    }
  }
}

class Volume {
 public:
  Volume(int size, int planes) : size_(size), planes_(planes), costs_(static_cast<std::size_t>(size) * size * planes) {}
  float* at(int x, int y) { return costs_.data() + (static_cast<std::size_t>(y) * size_ + x) * planes_; }
  int planes() const { return planes_; }
  int size() const { return size_; }

 private:
  int size_;
  int planes_;
  std::vector<float> costs_;
};

void fill_costs(const Level& own, const Level& warped, float gain, int plane, Volume& costs) {
  const int size = own.signal.size;
  Plane n(size), difference(size), square(size), sum(size);
  for (std::size_t i = 0; i < n.values.size(); i++) {
    const float w = own.weight.values[i] >= 0.5F && warped.weight.values[i] > 0 ? 1.0F : 0.0F;
    const float d = w * (gain * own.signal.values[i] - warped.signal.values[i]);
    n.values[i] = w;
    difference.values[i] = d;
    square.values[i] = d * d;
    sum.values[i] = w * warped.signal.values[i];
  }
  std::vector<double> scratch;
  for (Plane* field : {&n, &difference, &square, &sum}) box(*field, scratch);
  const float noise = static_cast<float>(2 * own.noise * own.noise);
  for (int y = 0; y < size; y++) {
    for (int x = 0; x < size; x++) {
      const float count = n.at(x, y);
      float cost = cost_limit / 2;
      if (count >= 0.4F * (2 * window_radius + 1) * (2 * window_radius + 1)) {
        const float mean = difference.at(x, y) / count, level = sum.at(x, y) / count;
        const float spread = std::max(0.0F, square.at(x, y) / count - mean * mean);
        const float variance = noise + 2 * (misfit_share * level) * (misfit_share * level);
        const float uneven = mean * mean / (2 * gain_share * gain_share * level * level + noise);
        const float full = spread / (2 * variance) + uneven;
        cost = full / (1 + full / cost_limit);
      }
      costs.at(x, y)[plane] = cost;
    }
  }
}

/// One path of semi-global matching: adds its costs to `sums`.
class Path {
 public:
  Path(Volume& costs, Volume& sums, const Level& own) : costs_(costs), sums_(sums), own_(own) {}

  void run(int dx, int dy) {
    const int size = costs_.size(), planes = costs_.planes();
    const std::size_t line = static_cast<std::size_t>(size) * planes;
    std::vector<float> last(line), now(line);
    std::vector<float> last_least(size), now_least(size);
    // Lines across the direction of travel; along it for horizontal paths within the line.
    for (int step = 0; step < size; step++) {
      const int y = dy > 0 ? step : size - 1 - step;
      for (int across = 0; across < size; across++) {
        const int x = dx >= 0 ? across : size - 1 - across;
        float* out = now.data() + static_cast<std::size_t>(x) * planes;
        const int px = x - dx, py = y - dy;
        const float* cost = costs_.at(x, y);
        if (px < 0 || px >= size || py < 0 || py >= size) {
          std::copy(cost, cost + planes, out);
        } else {
          const float* before = (dy == 0 ? now : last).data() + static_cast<std::size_t>(px) * planes;
          const float least = dy == 0 ? now_least[px] : last_least[px];
          const float edge = std::abs(own_.signal.at(x, y) - own_.signal.at(px, py)) /
                             (0.05F * std::abs(own_.signal.at(x, y)) + 1e-6F);
          advance(cost, before, least, jump_penalty / (1 + edge), out);
        }
        now_least[x] = *std::min_element(out, out + planes);
        float* total = sums_.at(x, y);
        for (int k = 0; k < planes; k++) total[k] += out[k];
      }
      if (dy != 0) {
        last.swap(now);
        last_least.swap(now_least);
      }
    }
  }

 private:
  void advance(const float* cost, const float* before, float least, float jump, float* out) const {
    const int planes = costs_.planes();
    for (int k = 0; k < planes; k++) {
      float best = std::min(before[k], least + std::max(jump, step_penalty));
      if (k > 0) best = std::min(best, before[k - 1] + step_penalty);
      if (k + 1 < planes) best = std::min(best, before[k + 1] + step_penalty);
      out[k] = cost[k] + best - least;
    }
  }

  Volume& costs_;
  Volume& sums_;
  const Level& own_;
};

Plane cheapest(Volume& sums, const Planes& planes) {
  Plane depth(sums.size());
  const int last = sums.planes() - 1;
  for (int y = 0; y < sums.size(); y++) {
    for (int x = 0; x < sums.size(); x++) {
      const float* cost = sums.at(x, y);
      const int k = static_cast<int>(std::min_element(cost, cost + sums.planes()) - cost);
      double place = k;
      if (k > 0 && k < last) {
        const double bend = static_cast<double>(cost[k - 1]) - 2.0 * cost[k] + cost[k + 1];
        if (bend > 0) place += std::clamp(0.5 * (cost[k - 1] - cost[k + 1]) / bend, -0.5, 0.5);
      }
      const int below = std::min(static_cast<int>(place), last - 1);
      const double share = place - below;
      depth.at(x, y) =
          static_cast<float>((1 - share) * planes.depths_mm[below] + share * planes.depths_mm[below + 1]);
    }
  }
  return depth;
}

}  // namespace

Plane sweep(const Level& own, const Level& other, const Mapper& mapper, double from_mm, double to_mm,
            const CancelFlag& flag) {
  const Planes planes = planes_of(own, mapper, from_mm, to_mm);
  const int size = own.signal.size, count = static_cast<int>(planes.depths_mm.size());
  const float gain = static_cast<float>(central_mean(other) / std::max(1e-9, central_mean(own)));
  Volume costs(size, count), sums(size, count);
  Level warped{Plane(size), Plane(size)};
  for (int k = 0; k < count; k++) {
    flag.check();
    warp(other, mapper, planes.depths_mm[k], warped);
    fill_costs(own, warped, gain, k, costs);
  }
  Path path(costs, sums, own);
  constexpr std::array<std::array<int, 2>, 8> directions{
      {{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, 1}, {-1, 1}, {1, -1}, {-1, -1}}};
  for (const auto& [dx, dy] : directions) {
    flag.check();
    path.run(dx, dy);
  }
  return cheapest(sums, planes);
}

}  // namespace nearfar::vision::match
