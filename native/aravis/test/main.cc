#include "camera_test.h"
#include "parts_test.h"

int main() {
  nearfar::aravis::test::Suite suite;
  nearfar::aravis::test::test_parts(suite);
  nearfar::aravis::test::test_camera(suite);
  return suite.finish();
}
