#include "noise.h"

#include <cmath>
#include <set>
#include <string>

namespace nearfar::vision::bundle {
namespace {

struct Sums {
  double corners = 0;
  double squares = 0;           // px²
  double scores = 0;            // w² r², r in px of a corner of relative sigma 1
  double score_derivatives = 0;  // w²
};

Sums sums_of(const Sights& sights, const std::vector<std::vector<std::vector<double>>>& residuals,
             const Weighing& weighing) {
  Sums sums;
  for (std::size_t view = 0; view < sights.size(); ++view) {
    for (std::size_t seen = 0; seen < sights[view].size(); ++seen) {
      const Sight& sight = sights[view][seen];
      for (std::size_t i = 0; i < sight.outliers.size(); ++i) {
        if (sight.outliers[i] != 0) continue;
        const double dx = residuals[view][seen][2 * i], dy = residuals[view][seen][2 * i + 1];
        const double square = dx * dx + dy * dy, weighed = square / std::pow(sight.relative_sigma[i], 2);
        const double flat_from = weighing.cauchy.value_or(INFINITY) * weighing.noise_px;
        const double weight = 1 / (1 + weighed / (flat_from * flat_from));
        sums.corners += 1;
        sums.squares += square;
        sums.scores += weight * weight * weighed;
        sums.score_derivatives += weight * weight;
      }
    }
  }
  return sums;
}

/// Σ residual² of the priors, in standard deviations.
double prior_squares(const std::vector<Term>& terms, const Parameters& parameters) {
  double sum = 0;
  std::vector<double> residuals;
  std::vector<const double*> values;
  for (const Term& term : terms) {
    if (term.observed) continue;
    values.clear();
    for (const int block : term.blocks) values.push_back(parameters[block].data());
    residuals.assign(static_cast<std::size_t>(term.cost->num_residuals()), 0);
    term.cost->Evaluate(values.data(), residuals.data(), nullptr);
    for (const double residual : residuals) sum += residual * residual;
  }
  return sum;
}

int equations_of(const std::vector<Term>& terms) {
  int count = 0;
  for (const Term& term : terms) count += term.equations;
  return count;
}

int unknowns_of(const std::vector<Term>& terms, const Parameters& parameters) {
  std::set<int> blocks;
  for (const Term& term : terms) blocks.insert(term.blocks.begin(), term.blocks.end());
  int count = 0;
  for (const int block : blocks) count += static_cast<int>(parameters[block].free.size());
  return count;
}

}  // namespace

Noise noise_of(const std::vector<Term>& terms, const Parameters& parameters, const Sights& sights,
               const std::vector<std::vector<std::vector<double>>>& residuals, const Weighing& weighing) {
  const Sums sums = sums_of(sights, residuals, weighing);
  const int equations = equations_of(terms), unknowns = unknowns_of(terms, parameters);
  if (sums.corners == 0) throw Undetermined("there are no corners to solve from");
  if (equations <= unknowns) {
    throw Undetermined(std::to_string(equations) + " coordinates and priors cannot determine " +
                       std::to_string(unknowns) + " parameters and the noise");
  }
  const double flattened = sums.score_derivatives / sums.corners;
  const double priors = prior_squares(terms, parameters) * weighing.noise_px * weighing.noise_px;
  return {.rms_point_px = std::sqrt(sums.squares / sums.corners),
          .spread_px = std::sqrt(sums.scores / (2 * sums.corners)) / flattened,
          .sigma_px = std::sqrt((sums.scores + priors) / (equations - unknowns)) / flattened};
}

}  // namespace nearfar::vision::bundle
