// The suites of the native tests, one for each part.
#pragma once

#include "test/check.h"

namespace nearfar::rig::test {

void test_optics(Suite& suite);
void test_optics_flaws(Suite& suite);
void test_optics_setup(Suite& suite);
void test_spectra(Suite& suite);
void test_sensor(Suite& suite);
void test_subjects(Suite& suite);
void test_skin_texture(Suite& suite);
void test_motion(Suite& suite);
void test_ict_face_kit(Suite& suite);
void test_targets(Suite& suite);
void test_render(Suite& suite);
void test_render_optics(Suite& suite);
void test_truth(Suite& suite);
void test_truth_document(Suite& suite);
void test_world(Suite& suite);

}  // namespace nearfar::rig::test
