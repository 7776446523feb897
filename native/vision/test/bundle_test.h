#pragma once

#include "check.h"

namespace nearfar::vision::test {

/// Derivatives of the residuals, problems that are refused.
void test_bundle_parts(Suite& suite);

/// Solves of worlds that are known exactly.
void test_bundle_solves(Suite& suite);

/// What priors do to solves.
void test_bundle_priors(Suite& suite);

/// Corners that are off by more than noise, and rejection.
void test_bundle_outliers(Suite& suite);

/// Uncertainties against the spread of many solves.
void test_bundle_uncertainty(Suite& suite);

}  // namespace nearfar::vision::test
