#include <string.h>

#include "host.h"
#include "tests.h"

static struct nf_event_exposure exposure(void) {
    struct nf_event_exposure value;
    const struct message event = host_event(NF_EVENT_EXPOSURE);
    CHECK(event.kind == NF_KIND_EVENT && event.size == sizeof value);
    memcpy(&value, event.value, sizeof value);
    return value;
}

static struct nf_event_done done(void) {
    struct nf_event_done value;
    const struct message event = host_event(NF_EVENT_DONE);
    CHECK(event.kind == NF_KIND_EVENT && event.size == sizeof value);
    memcpy(&value, event.value, sizeof value);
    return value;
}

static struct nf_event_fired fired(void) {
    struct nf_event_fired value;
    const struct message event = host_event(NF_EVENT_FIRED);
    CHECK(event.kind == NF_KIND_EVENT && event.size == sizeof value);
    memcpy(&value, event.value, sizeof value);
    return value;
}

static void set_delay(uint32_t near_ticks, uint32_t far_ticks) {
    const struct nf_reg_delay delay = {near_ticks, far_ticks};
    host_write(NF_REG_DELAY, &delay, sizeof delay);
}

static void pulse_on(uint8_t arm, unsigned ms) {
    fake_edge(arm, true);
    host_run_ms(ms);
    fake_edge(arm, false);
    host_run_ms(1);
}

static void a_whole_shot(void) {
    host_boot();
    set_delay(16000, 48000);
    host_arm(0xAABBCCDD, 1);
    const tick_t start = fake.now;
    CHECK(host_fire(0xAABBCCDD).kind == NF_KIND_WRITE_REPLY);
    CHECK(host_state() == NF_STATE_FIRING);
    host_run_ms(4);
    const struct nf_event_fired out = fired();
    CHECK(out.shot_id == 0xAABBCCDD && out.trigger_number == 1);
    CHECK(tick_of(&out.far_tick) - tick_of(&out.near_tick) == 32000 && tick_of(&out.near_tick) > start);
    const tick_t near_rise = fake.now;
    fake_edge(HAL_NEAR, true);
    host_run_ms(2);
    const tick_t far_rise = fake.now;
    fake_edge(HAL_FAR, true);
    host_run_ms(3);
    const tick_t fall = fake.now;
    fake_edge(HAL_NEAR, false);
    fake_edge(HAL_FAR, false);
    host_run_ms(1);
    const struct nf_event_exposure near = exposure(), far = exposure();
    CHECK(near.arm == NF_ARM_NEAR && tick_of(&near.rise_tick) == near_rise && tick_of(&near.fall_tick) == fall);
    CHECK(far.arm == NF_ARM_FAR && tick_of(&far.rise_tick) == far_rise && tick_of(&far.fall_tick) == fall);
    CHECK(near.pulses == 1 && far.pulses == 1);
    const struct nf_event_done end = done();
    CHECK(end.status == 0 && end.trigger_number == 1 && tick_of(&end.strobe_tick) == 0);
    CHECK(host_event(NF_EVENT_SAFE).value[0] == NF_SAFE_CAUSE_BUDGET_SPENT);
    CHECK(host_state() == NF_STATE_IDLE);
    /* Everything can be asked for again. */
    CHECK(memcmp(host_read(NF_REG_LAST_FIRED).value, &out, sizeof out) == 0);
    CHECK(memcmp(host_read(NF_REG_LAST_EXPOSURE_NEAR).value, &near, sizeof near) == 0);
    CHECK(memcmp(host_read(NF_REG_LAST_EXPOSURE_FAR).value, &far, sizeof far) == 0);
    CHECK(memcmp(host_read(NF_REG_LAST_DONE).value, &end, sizeof end) == 0);
}

static void the_budget_is_exact(void) {
    host_boot();
    host_arm(3, 2);
    CHECK(host_fire(4).value[0] == NF_ERROR_CODE_WRONG_SHOT);
    for (int i = 0; i < 2; i++) {
        CHECK(host_fire(3).kind == NF_KIND_WRITE_REPLY);
        CHECK(host_fire(3).value[0] == NF_ERROR_CODE_WRONG_STATE); /* still firing */
        const struct nf_reg_arm more = {3, 9};
        CHECK(host_write(NF_REG_ARM, &more, sizeof more).value[0] == NF_ERROR_CODE_WRONG_STATE);
        host_run_ms(600);
    }
    CHECK(host_fire(3).value[0] == NF_ERROR_CODE_WRONG_STATE);
    CHECK(fake.fires == 2);
}

static void missing_edges_are_reported_at_the_timeout(void) {
    host_boot();
    host_arm(9, 1);
    host_fire(9);
    host_run_ms(2);
    pulse_on(HAL_FAR, 3);
    CHECK(host_event(NF_EVENT_DONE).kind == 0);
    host_run_ms(500);
    const struct nf_event_exposure far = exposure(), near = exposure();
    CHECK(far.arm == NF_ARM_FAR && far.pulses == 1);
    CHECK(near.arm == NF_ARM_NEAR && near.pulses == 0 && tick_of(&near.rise_tick) == 0 && tick_of(&near.fall_tick) == 0);
    CHECK(done().status == NF_DONE_STATUS_NEAR_MISSING);
}

static void an_open_shutter_and_an_extra_pulse(void) {
    host_boot();
    host_arm(9, 1);
    host_fire(9);
    host_run_ms(2);
    pulse_on(HAL_NEAR, 2);
    pulse_on(HAL_NEAR, 2);
    fake_edge(HAL_FAR, true);
    host_run_ms(500);
    CHECK(exposure().pulses == 1);
    const struct nf_event_exposure far = exposure();
    CHECK(tick_of(&far.rise_tick) != 0 && tick_of(&far.fall_tick) == 0);
    const struct nf_event_done end = done();
    CHECK(end.status == (NF_DONE_STATUS_NEAR_EXTRA | NF_DONE_STATUS_FAR_OPEN));
    CHECK(end.pulses_near == 2 && end.pulses_far == 1);
}

static void an_early_pulse_is_extra_and_never_the_exposure(void) {
    host_boot();
    set_delay(160000, 160000);
    host_arm(9, 1);
    host_fire(9);
    pulse_on(HAL_NEAR, 2);
    host_run_ms(10);
    const tick_t rise = fake.now;
    fake_edge(HAL_FAR, true);
    pulse_on(HAL_NEAR, 2);
    fake_edge(HAL_FAR, false);
    host_run_ms(1);
    const struct nf_event_exposure near = exposure();
    CHECK(near.pulses == 2 && tick_of(&near.rise_tick) == rise);
    CHECK(done().status == NF_DONE_STATUS_NEAR_EXTRA);
}

static void unconnected_inputs_are_not_waited_for(void) {
    host_boot();
    const struct nf_reg_feedback none = {0};
    host_write(NF_REG_FEEDBACK, &none, sizeof none);
    host_arm(9, 1);
    host_fire(9);
    host_run_ms(1);
    fake_edge(HAL_NEAR, true); /* a floating wire */
    host_run_ms(3);
    CHECK(fired().trigger_number == 1);
    CHECK(host_event(NF_EVENT_EXPOSURE).kind == 0);
    const struct nf_event_done end = done();
    CHECK(end.status == 0 && end.pulses_near == 0);
}

static void the_strobe(void) {
    const struct nf_reg_strobe on = {1, 16000};
    for (int lit = 0; lit < 2; lit++) {
        host_boot();
        host_write(NF_REG_STROBE, &on, sizeof on);
        host_arm(9, 1);
        host_fire(9);
        CHECK(fake.last_shot.strobe_ticks == 16000);
        host_run_ms(2);
        const tick_t at = fake.now;
        if (lit) fake_light_strobe();
        pulse_on(HAL_NEAR, 1);
        pulse_on(HAL_FAR, 1);
        const struct nf_event_done end = done();
        CHECK(end.status == (lit ? NF_DONE_STATUS_STROBE_FIRED : NF_DONE_STATUS_STROBE_WITHHELD));
        CHECK(tick_of(&end.strobe_tick) == (lit ? at : 0));
        fake_light_strobe(); /* no flash after `done` */
        tick_t tick = 0;
        CHECK(hal_strobe_fired(&tick) == lit && (!lit || tick == at));
    }
    host_boot();
    const struct nf_reg_feedback near_only = {NF_FEEDBACK_MASK_NEAR};
    host_write(NF_REG_STROBE, &on, sizeof on);
    host_write(NF_REG_FEEDBACK, &near_only, sizeof near_only);
    host_arm(9, 1);
    host_fire(9);
    CHECK(fake.last_shot.strobe_ticks == 0);
    host_run_ms(2);
    pulse_on(HAL_NEAR, 1);
    CHECK(done().status == NF_DONE_STATUS_STROBE_WITHHELD);
}

static void focus_is_held_until_the_pulses_end(void) {
    host_boot();
    const struct nf_reg_focus_lead lead = {100};
    host_write(NF_REG_FOCUS_LEAD, &lead, sizeof lead);
    host_arm(9, 1);
    host_fire(9);
    CHECK(fake.focus);
    host_run_ms(99);
    CHECK(fake.focus && host_event(NF_EVENT_FIRED).kind == 0);
    host_run_ms(4);
    CHECK(!fake.focus && host_event(NF_EVENT_FIRED).kind != 0);
}

static void numbers_count_from_boot(void) {
    host_boot();
    for (uint32_t i = 1; i <= 3; i++) {
        host_arm(100 + i, 1);
        struct nf_reply_fire reply;
        memcpy(&reply, host_fire(100 + i).value, sizeof reply);
        CHECK(reply.shot_id == 100 + i && reply.trigger_number == i);
        host_run_ms(600);
    }
}

void shot_tests(void) {
    a_whole_shot();
    the_budget_is_exact();
    missing_edges_are_reported_at_the_timeout();
    an_open_shutter_and_an_extra_pulse();
    an_early_pulse_is_extra_and_never_the_exposure();
    unconnected_inputs_are_not_waited_for();
    the_strobe();
    focus_is_held_until_the_pulses_end();
    numbers_count_from_boot();
}
