#include <stdio.h>

#include "host.h"
#include "tests.h"

int main(void) {
    frame_tests();
    register_tests();
    request_tests();
    shot_tests();
    safety_tests();
    fuzz_tests();
    printf("%u passed, %u failed\n", checks_passed, checks_failed);
    return checks_failed == 0 ? 0 : 1;
}
