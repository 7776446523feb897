#include "test/suites.h"

int main() {
  using namespace nearfar::rig::test;
  Suite suite;
  test_spectra(suite);
  test_sensor(suite);
  test_optics(suite);
  test_optics_flaws(suite);
  test_optics_setup(suite);
  test_subjects(suite);
  test_skin_texture(suite);
  test_motion(suite);
  test_ict_face_kit(suite);
  test_targets(suite);
  test_world(suite);
  test_render(suite);
  test_render_optics(suite);
  test_truth(suite);
  test_truth_document(suite);
  return suite.finish();
}
