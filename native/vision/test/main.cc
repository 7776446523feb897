#include "accuracy_test.h"
#include "board_test.h"
#include "parts_test.h"

int main() {
  nearfar::vision::test::Suite suite;
  nearfar::vision::test::test_parts(suite);
  nearfar::vision::test::test_boards(suite);
  nearfar::vision::test::test_accuracy(suite);
  return suite.finish();
}
