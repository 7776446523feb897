#include "accuracy_test.h"
#include "board_test.h"
#include "bundle_test.h"
#include "chart_test.h"
#include "match_test.h"
#include "parts_test.h"
#include "reference_test.h"
#include "resample_test.h"
#include "sparse_test.h"

int main() {
  nearfar::vision::test::Suite suite;
  nearfar::vision::test::test_parts(suite);
  nearfar::vision::test::test_boards(suite);
  nearfar::vision::test::test_charts(suite);
  nearfar::vision::test::test_accuracy(suite);
  nearfar::vision::test::test_bundle_parts(suite);
  nearfar::vision::test::test_bundle_solves(suite);
  nearfar::vision::test::test_bundle_priors(suite);
  nearfar::vision::test::test_bundle_outliers(suite);
  nearfar::vision::test::test_bundle_uncertainty(suite);
  nearfar::vision::test::test_references(suite);
  nearfar::vision::test::test_resampling(suite);
  nearfar::vision::test::test_raw_files(suite);
  nearfar::vision::test::test_radial_match(suite);
  nearfar::vision::test::test_sparse_flow(suite);
  return suite.finish();
}
