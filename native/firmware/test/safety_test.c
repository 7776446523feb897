#include <string.h>

#include "host.h"
#include "tests.h"

static const uint8_t bad_frame[] = {4, 1, 2, 3, 4, 9, 9, 0};

static void a_bad_frame_disarms(void) {
    host_boot();
    host_arm(5, 3);
    host_send_raw(bad_frame, sizeof bad_frame);
    struct nf_event_safe event;
    const struct message message = host_event(NF_EVENT_SAFE);
    memcpy(&event, message.value, sizeof event);
    CHECK(message.kind == NF_KIND_EVENT && event.cause == NF_SAFE_CAUSE_BAD_FRAME && event.shot_id == 5);
    CHECK(host_state() == NF_STATE_SAFE);
    CHECK(host_fire(5).value[0] == NF_ERROR_CODE_WRONG_STATE);
    CHECK(fake.fires == 0);
}

static void a_bad_frame_does_not_hide_a_fire_that_happened(void) {
    host_boot();
    host_arm(5, 3);
    const struct message first = host_fire(5);
    /* Build the retry's bytes before the damage: host_repeat sends the same frame again. */
    host_send_raw(bad_frame, sizeof bad_frame);
    const struct message again = host_repeat();
    CHECK(again.kind == NF_KIND_WRITE_REPLY && again.tick == first.tick && fake.fires == 1);
}

static void a_bad_frame_after_the_edges_still_measures(void) {
    host_boot();
    host_arm(5, 3);
    host_fire(5);
    host_run_ms(2);
    CHECK(host_event(NF_EVENT_FIRED).kind != 0);
    host_send_raw(bad_frame, sizeof bad_frame);
    CHECK(host_event(NF_EVENT_SAFE).value[0] == NF_SAFE_CAUSE_BAD_FRAME);
    fake_edge(HAL_NEAR, true);
    fake_edge(HAL_FAR, true);
    host_run_ms(1);
    fake_edge(HAL_NEAR, false);
    fake_edge(HAL_FAR, false);
    host_run_ms(1);
    CHECK(host_event(NF_EVENT_EXPOSURE).kind != 0);
    CHECK(host_event(NF_EVENT_DONE).value[8] == 0);
    CHECK(host_event(NF_EVENT_SAFE).kind == 0);
    CHECK(host_state() == NF_STATE_SAFE);
}

static void a_bad_frame_before_the_edges_cancels_them(void) {
    host_boot();
    const struct nf_reg_delay delay = {0, 1600000};
    host_write(NF_REG_DELAY, &delay, sizeof delay);
    host_arm(5, 3);
    host_fire(5);
    host_run_ms(10);
    host_send_raw(bad_frame, sizeof bad_frame);
    host_run_ms(700);
    struct nf_event_fired fired;
    memcpy(&fired, host_event(NF_EVENT_FIRED).value, sizeof fired);
    CHECK(tick_of(&fired.near_tick) != 0 && tick_of(&fired.far_tick) == 0);
    CHECK(host_event(NF_EVENT_DONE).value[8] == (NF_DONE_STATUS_NEAR_MISSING | NF_DONE_STATUS_FAR_MISSING));
}

static void disarm_ends_a_shot_at_once(void) {
    host_boot();
    const struct nf_reg_delay delay = {1600000, 1600000};
    host_write(NF_REG_DELAY, &delay, sizeof delay);
    host_arm(5, 3);
    host_fire(5);
    host_run_ms(1);
    const uint8_t go = 1;
    CHECK(host_write(NF_REG_DISARM, &go, 1).kind == NF_KIND_WRITE_REPLY);
    struct nf_event_fired fired;
    const struct message message = host_event(NF_EVENT_FIRED);
    memcpy(&fired, message.value, sizeof fired);
    CHECK(message.kind != 0 && tick_of(&fired.near_tick) == 0 && tick_of(&fired.far_tick) == 0);
    CHECK(host_event(NF_EVENT_DONE).kind != 0);
    CHECK(host_event(NF_EVENT_SAFE).value[0] == NF_SAFE_CAUSE_DISARMED);
    CHECK(host_state() == NF_STATE_IDLE);
    host_run_ms(300);
    CHECK(host_event(NF_EVENT_FIRED).kind == 0);
    CHECK(host_write(NF_REG_DISARM, &go, 1).kind == NF_KIND_WRITE_REPLY); /* at any time */
    CHECK(host_event(NF_EVENT_SAFE).kind == 0);
}

static void silence_disarms(void) {
    host_boot();
    host_arm(5, 3);
    host_run_ms(2900);
    host_read(NF_REG_STATE);
    host_run_ms(2900);
    CHECK(host_event(NF_EVENT_SAFE).kind == 0);
    host_run_ms(200);
    CHECK(host_event(NF_EVENT_SAFE).value[0] == NF_SAFE_CAUSE_HOST_SILENT);
    host_run_ms(5000);
    CHECK(host_event(NF_EVENT_SAFE).kind == 0);
    CHECK(host_state() == NF_STATE_SAFE);
    CHECK(host_fire(5).value[0] == NF_ERROR_CODE_WRONG_STATE);
}

static void a_lost_byte_spoils_its_frame(void) {
    host_boot();
    host_arm(5, 1);
    fake.lost = 1;
    CHECK(host_fire(5).kind == 0);
    CHECK(fake.fires == 0 && host_state() == NF_STATE_SAFE);
    struct nf_reg_counters counters;
    memcpy(&counters, host_read(NF_REG_COUNTERS).value, sizeof counters);
    CHECK(counters.rx_overruns == 1 && counters.rx_crc_errors == 1);
}

static void the_first_write_wakes_the_board(void) {
    host_boot();
    CHECK(host_state() == NF_STATE_SAFE);
    const struct nf_reg_pulse pulse = {16000};
    host_write(NF_REG_PULSE, &pulse, sizeof pulse);
    CHECK(host_state() == NF_STATE_IDLE);
    host_send_raw(bad_frame, sizeof bad_frame);
    CHECK(host_state() == NF_STATE_SAFE);
}

void safety_tests(void) {
    a_bad_frame_disarms();
    a_bad_frame_does_not_hide_a_fire_that_happened();
    a_bad_frame_after_the_edges_still_measures();
    a_bad_frame_before_the_edges_cancels_them();
    disarm_ends_a_shot_at_once();
    silence_disarms();
    a_lost_byte_spoils_its_frame();
    the_first_write_wakes_the_board();
}
