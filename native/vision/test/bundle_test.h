#pragma once

#include "check.h"

namespace nearfar::vision::test {

/// Derivatives of the residuals, problems that are refused.
void test_bundle_parts(Suite& suite);

/// Solves of worlds that are known exactly, and start values for them.
void test_bundle_solves(Suite& suite);

/// Uncertainties against the spread of many solves.
void test_bundle_uncertainty(Suite& suite);

}  // namespace nearfar::vision::test
