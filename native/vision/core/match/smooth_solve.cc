#include "smooth_solve.h"

#include <cmath>
#include <random>

namespace nearfar::vision::match {
namespace {

/// out += A h, and the diagonal of A when asked.
void apply(const PlateProblem& problem, const Plane& h, Plane& out) {
  const int size = h.size;
  for (std::size_t i = 0; i < h.values.size(); i++) out.values[i] = problem.information.values[i] * h.values[i];
  for (int y = 0; y < size; y++) {
    const float* row = h.row(y);
    const float* bend = problem.bend.row(y);
    float* to = out.row(y);
    for (int x = 1; x + 1 < size; x++) {
      const float pull = bend[x] * (row[x - 1] - 2 * row[x] + row[x + 1]);
      to[x - 1] += pull;
      to[x] -= 2 * pull;
      to[x + 1] += pull;
    }
  }
  for (int y = 1; y + 1 < size; y++) {
    const float *above = h.row(y - 1), *row = h.row(y), *below = h.row(y + 1);
    const float* bend = problem.bend.row(y);
    float *up = out.row(y - 1), *to = out.row(y), *down = out.row(y + 1);
    for (int x = 0; x < size; x++) {
      const float pull = bend[x] * (above[x] - 2 * row[x] + below[x]);
      up[x] += pull;
      to[x] -= 2 * pull;
      down[x] += pull;
    }
  }
  for (int y = 0; y + 1 < size; y++) {
    const float *row = h.row(y), *below = h.row(y + 1);
    const float* twist = problem.twist.row(y);
    float *to = out.row(y), *down = out.row(y + 1);
    for (int x = 0; x + 1 < size; x++) {
      const float pull = 2 * twist[x] * (row[x] - row[x + 1] - below[x] + below[x + 1]);
      to[x] += pull;
      to[x + 1] -= pull;
      down[x] -= pull;
      down[x + 1] += pull;
    }
  }
}

Plane diagonal_of(const PlateProblem& problem) {
  Plane out = problem.information;
  const int size = out.size;
  for (int y = 0; y < size; y++) {
    for (int x = 0; x < size; x++) {
      const float bend = problem.bend.at(x, y), twist = 2 * problem.twist.at(x, y);
      if (x > 0 && x + 1 < size) {
        out.at(x - 1, y) += bend;
        out.at(x, y) += 4 * bend;
        out.at(x + 1, y) += bend;
      }
      if (y > 0 && y + 1 < size) {
        out.at(x, y - 1) += bend;
        out.at(x, y) += 4 * bend;
        out.at(x, y + 1) += bend;
      }
      if (x + 1 < size && y + 1 < size) {
        for (int k = 0; k < 4; k++) out.at(x + k % 2, y + k / 2) += twist;
      }
    }
  }
  return out;
}

double product(const Plane& a, const Plane& b) {
  double sum = 0;
  for (int y = 0; y < a.size; y++) {
    const float *left = a.row(y), *right = b.row(y);
    float lanes[8] = {};
    int x = 0;
    for (; x + 8 <= a.size; x += 8) {
      for (int k = 0; k < 8; k++) lanes[k] += left[x + k] * right[x + k];
    }
    for (; x < a.size; x++) lanes[0] += left[x] * right[x];
    for (const float lane : lanes) sum += lane;
  }
  return sum;
}

}  // namespace

void relax(const PlateProblem& problem, int steps, Plane& surface, const CancelFlag& flag) {
  const std::size_t count = surface.values.size();
  Plane residual(surface.size), moved(surface.size), z(surface.size);
  const Plane diagonal = diagonal_of(problem);
  apply(problem, surface, moved);
  for (std::size_t i = 0; i < count; i++) {
    residual.values[i] = problem.pull.values[i] - moved.values[i];
    z.values[i] = residual.values[i] / diagonal.values[i];
  }
  Plane direction = z;
  double before = product(residual, z);
  const double enough = 1e-10 * before;
  for (int step = 0; step < steps && before > enough; step++) {
    flag.check();
    apply(problem, direction, moved);
    const double curvature = product(direction, moved);
    if (!(curvature > 0)) return;
    const float length = static_cast<float>(before / curvature);
    for (std::size_t i = 0; i < count; i++) {
      surface.values[i] += length * direction.values[i];
      residual.values[i] -= length * moved.values[i];
      z.values[i] = residual.values[i] / diagonal.values[i];
    }
    const double after = product(residual, z);
    const float turn = static_cast<float>(after / before);
    for (std::size_t i = 0; i < count; i++) direction.values[i] = z.values[i] + turn * direction.values[i];
    before = after;
  }
}

void curvature_of(const Plane& h, Plane& bend, Plane& twist) {
  const int size = h.size;
  bend = Plane(size);
  twist = Plane(size);
  for (int y = 0; y < size; y++) {
    for (int x = 0; x < size; x++) {
      float sum = 0;
      if (x > 0 && x + 1 < size) {
        const float xx = h.at(x - 1, y) - 2 * h.at(x, y) + h.at(x + 1, y);
        sum += xx * xx;
      }
      if (y > 0 && y + 1 < size) {
        const float yy = h.at(x, y - 1) - 2 * h.at(x, y) + h.at(x, y + 1);
        sum += yy * yy;
      }
      bend.at(x, y) = sum;
      if (x + 1 < size && y + 1 < size) {
        const float xy = h.at(x, y) - h.at(x + 1, y) - h.at(x, y + 1) + h.at(x + 1, y + 1);
        twist.at(x, y) = xy * xy;
      }
    }
  }
}

namespace {

/// Standard normal numbers that are the same with every compiler: sums of twelve of mt19937's.
class Normal {
 public:
  explicit Normal(unsigned seed) : engine_(seed) {}
  float operator()() {
    double sum = -6;
    for (int k = 0; k < 12; k++) sum += static_cast<double>(engine_()) / 4294967296.0;
    return static_cast<float>(sum);
  }

 private:
  std::mt19937 engine_;
};

}  // namespace

Plane bending_noise(const PlateProblem& problem, unsigned seed) {
  const int size = problem.bend.size;
  Plane out(size);
  Normal normal(seed);
  for (int y = 0; y < size; y++) {
    for (int x = 0; x < size; x++) {
      out.at(x, y) += std::sqrt(problem.information.at(x, y)) * normal();
      const float bend = std::sqrt(problem.bend.at(x, y)), twist = std::sqrt(2 * problem.twist.at(x, y));
      if (x > 0 && x + 1 < size) {
        const float pull = bend * normal();
        out.at(x - 1, y) += pull;
        out.at(x, y) -= 2 * pull;
        out.at(x + 1, y) += pull;
      }
      if (y > 0 && y + 1 < size) {
        const float pull = bend * normal();
        out.at(x, y - 1) += pull;
        out.at(x, y) -= 2 * pull;
        out.at(x, y + 1) += pull;
      }
      if (x + 1 < size && y + 1 < size) {
        const float pull = twist * normal();
        out.at(x, y) += pull;
        out.at(x + 1, y) -= pull;
        out.at(x, y + 1) -= pull;
        out.at(x + 1, y + 1) += pull;
      }
    }
  }
  return out;
}

}  // namespace nearfar::vision::match
