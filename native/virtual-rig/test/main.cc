#include "test/suites.h"

int main() {
  using namespace nearfar::rig::test;
  Suite suite;
  test_spectra(suite);
  test_sensor(suite);
  test_optics(suite);
  test_subjects(suite);
  test_ict_face_kit(suite);
  test_targets(suite);
  test_world(suite);
  test_render(suite);
  test_truth(suite);
  return suite.finish();
}
