#include "uncertainty.h"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>

#include "brown.h"
#include "information.h"
#include "parameters.h"
#include "sights.h"
#include "terms.h"

namespace nearfar::vision::bundle {
namespace {

using Gradient = Eigen::Matrix<double, Eigen::Dynamic, 2>;  // of a pixel's x and y

/// The blocks of the views whose boards the camera saw.
std::vector<int> seen_boards(const Problem& problem, const Parameters& parameters, int camera) {
  std::vector<int> blocks;
  for (std::size_t view = 0; view < problem.views.size(); ++view) {
    for (const Observation& seen : problem.views[view].observations) {
      if (seen.camera != camera || seen.ids.empty()) continue;
      blocks.push_back(parameters.view_pose(static_cast<int>(view)));
      break;
    }
  }
  return blocks;
}

/// Carries gradients by parameters over to the covariance of a pixel.
class Propagation {
 public:
  Propagation(const Information& information, const Parameters& parameters, int camera, std::vector<int> views)
      : information_(information),
        parameters_(parameters),
        camera_(camera),
        views_(std::move(views)),
        reduced_(information.reduced_factor()) {}

  Eigen::Matrix2d covariance_at(const Eigen::Vector3d& point, const BrownImage& image) const {
    Gradient gradient = own_gradient(point, image);
    Eigen::Matrix2d covariance = Eigen::Matrix2d::Zero();
    const double* pose = parameters_[parameters_.camera_pose(camera_)].data();
    const Matrix23 by_world = image.by_point * rotation_of(pose);
    const Eigen::Vector3d in_world = rotation_of(pose).transpose() * (point - translation_of(pose));
    for (const int block : views_) {
      const auto eliminated = information_.eliminated().find(block);
      if (eliminated == information_.eliminated().end()) continue;
      Eigen::Matrix<double, 2, 6> by_view;
      by_view << -by_world * cross_matrix(in_world - translation_of(parameters_[block].data())), by_world;
      by_view /= static_cast<double>(views_.size());
      const auto& [factor, scale, coupling] = eliminated->second;
      // With the information [U W; Wᵀ V], V = L Lᵀ, and a gradient (u, v): its variance is |L⁻¹ v|² plus what
      // u - W V⁻¹ v has in the information that is left of the other parameters.
      const Eigen::Matrix<double, 6, 2> whitened =
          factor.template triangularView<Eigen::Lower>().solve(scale.asDiagonal() * by_view.transpose());
      covariance += whitened.transpose() * whitened;
      gradient -= coupling * whitened;
    }
    const Gradient whitened = reduced_.matrixL().solve(gradient);
    return covariance + whitened.transpose() * whitened;
  }

 private:
  /// By the camera's intrinsics and pose, scaled.
  Gradient own_gradient(const Eigen::Vector3d& point, const BrownImage& image) const {
    Gradient gradient = Gradient::Zero(information_.scales().size(), 2);
    const double* pose = parameters_[parameters_.camera_pose(camera_)].data();
    Eigen::Matrix<double, 2, 6> by_pose;
    by_pose << -image.by_point * cross_matrix(point - translation_of(pose)), image.by_point;
    const auto write = [&](int block, const auto& by_block) {
      for (const int direction : parameters_[block].free) {
        const Eigen::Index column = information_.column_of(block, direction);
        gradient.row(column) = information_.scales()[column] * by_block.col(direction).transpose();
      }
    };
    write(parameters_.intrinsics(camera_), image.by_intrinsics);
    write(parameters_.camera_pose(camera_), by_pose);
    return gradient;
  }

  const Information& information_;
  const Parameters& parameters_;
  int camera_;
  std::vector<int> views_;
  Eigen::LLT<Eigen::MatrixXd> reduced_;
};

double larger_sigma(const Eigen::Matrix2d& covariance) {
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix2d> eigen(covariance, Eigen::EigenvaluesOnly);
  return std::sqrt(eigen.eigenvalues()[1]);
}

void check_request(const Problem& problem, int camera, double distance_mm, const std::vector<double>& pixels_px) {
  if (camera < 0 || static_cast<std::size_t>(camera) >= problem.cameras.size()) {
    throw std::invalid_argument("camera is " + std::to_string(camera) + ", but there are " +
                                std::to_string(problem.cameras.size()));
  }
  if (!(distance_mm > 0 && std::isfinite(distance_mm))) throw std::invalid_argument("distanceMm must be above 0");
  if (pixels_px.size() % 2 != 0) throw std::invalid_argument("pixels must hold x and y of each");
}

}  // namespace

std::vector<double> projection_uncertainty(const Problem& problem, int camera, double distance_mm,
                                           const std::vector<double>& pixels_px, const CancelFlag& flag) {
  check_problem(problem);
  check_request(problem, camera, distance_mm, pixels_px);
  const Parameters parameters(problem);
  const std::vector<int> views = seen_boards(problem, parameters, camera);
  if (views.empty()) throw std::invalid_argument("cameras[" + std::to_string(camera) + "] saw no board");
  const Weighing weighing{.noise_px = problem.noise_sigma_px, .cauchy = std::nullopt};
  const Information information(terms_of(problem, parameters, sights_of(problem), weighing), parameters, flag);
  const Propagation propagation(information, parameters, camera, views);
  const double* intrinsics = parameters[parameters.intrinsics(camera)].data();
  std::vector<double> sigmas;
  sigmas.reserve(pixels_px.size() / 2);
  for (std::size_t i = 0; i < pixels_px.size(); i += 2) {
    flag.check();
    const auto ray = ray_of(intrinsics, {pixels_px[i], pixels_px[i + 1]});
    const auto image = ray ? image_of(intrinsics, distance_mm * *ray) : std::nullopt;
    sigmas.push_back(image ? larger_sigma(propagation.covariance_at(distance_mm * *ray, *image))
                           : std::numeric_limits<double>::quiet_NaN());
  }
  return sigmas;
}

}  // namespace nearfar::vision::bundle
