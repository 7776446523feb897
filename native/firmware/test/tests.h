#ifndef NEARFAR_TESTS_H
#define NEARFAR_TESTS_H

void frame_tests(void);
void register_tests(void);
void request_tests(void);
void shot_tests(void);
void safety_tests(void);
void fuzz_tests(void);

#endif
