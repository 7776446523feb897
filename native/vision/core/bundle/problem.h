#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

namespace nearfar::vision::bundle {

/// What src/native/solver.ts says of problems and solutions, in plain structs; the members are documented there.
/// Lengths on boards and in the world are mm, in images px, angles rad. Poses may turn by any angle, but a prior on a
/// rotation vector (and its covariance) takes its three numbers as they are: it holds for turns well below π, where
/// the vector does not jump to the other side.

inline constexpr int intrinsics_count = 9;   ///< fx fy cx cy k1 k2 p1 p2 k3
inline constexpr int camera_parameters = 15;  ///< and rotation vector, translation

using Intrinsics = std::array<double, intrinsics_count>;
using Pose = std::array<double, 6>;  ///< rotation vector (rad), translation (mm)

struct Camera {
  Intrinsics intrinsics{};
  std::array<bool, intrinsics_count> free_intrinsics{};
  Pose pose{};
  bool free_pose = false;
};

struct Warp {
  std::array<double, 2> start_mm{};
  bool free = false;
};

struct Board {
  std::vector<double> corners_mm;  ///< [id][x, y, z]
  std::optional<Warp> warp;
  std::optional<double> shape_sigma_mm;

  int corner_count() const { return static_cast<int>(corners_mm.size() / 3); }
};

struct Observation {
  int camera = 0;
  std::vector<std::int32_t> ids;
  std::vector<double> points_px;  ///< [corner][x, y]
  std::vector<double> sigma_px;   ///< one for each corner, or none
};

struct View {
  int board = 0;
  Pose pose{};
  bool free_pose = true;
  std::vector<Observation> observations;
};

struct ValuePrior {
  int camera = 0, parameter = 0;
  double value = 0, sigma = 0;
};
struct SamePrior {
  std::array<int, 2> cameras{};
  int parameter = 0;
  double sigma = 0;
};
struct SquarePixelsPrior {
  int camera = 0;
  double sigma = 0;  ///< of fx / fy
};
struct RailPrior {
  std::vector<int> cameras;
  double sigma = 0;  ///< mm
};
using Prior = std::variant<ValuePrior, SamePrior, SquarePixelsPrior, RailPrior>;

struct Problem {
  std::vector<Camera> cameras;
  std::vector<Board> boards;
  std::vector<View> views;
  std::vector<Prior> priors;
  double noise_sigma_px = 1;
};

struct Rejection {
  double above = 0, drop = 0;  ///< standard deviations
};

struct Options {
  std::optional<double> robust_sigmas;
  std::optional<Rejection> reject;
  bool covariance = true;
};

/// Of a camera (0 to 14) or of a board's warp (0, 1).
struct ParameterName {
  bool of_camera = true;
  int owner = 0, parameter = 0;
};

struct Covariance {
  std::vector<ParameterName> parameters;
  std::vector<double> values;  ///< row-major
};

struct ObservationResult {
  std::vector<double> residuals_px;
  std::vector<std::uint8_t> outliers;
};

struct ViewResult {
  Pose pose{};
  std::vector<ObservationResult> observations;
};

struct BoardResult {
  std::optional<std::array<double, 2>> warp_mm;
  std::vector<double> shape_mm;  ///< empty where places are exact
};

struct Solution {
  std::vector<std::pair<Intrinsics, Pose>> cameras;
  std::vector<BoardResult> boards;
  std::vector<ViewResult> views;
  double rms_point_px = 0;
  double noise_sigma_px = 0;
  int iterations = 0;
  double seconds = 0;
  Covariance covariance;
};

/// The observations do not determine what was asked.
class Undetermined : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// @throws std::invalid_argument that names the member which makes no sense.
void check_problem(const Problem& problem);
void check_options(const Options& options);

}  // namespace nearfar::vision::bundle
