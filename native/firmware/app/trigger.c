#include "trigger.h"

#include <string.h>

#include "hal.h"
#include "link.h"
#include "registers.h"

enum {
    /* An edge stamped this much before its trigger still belongs to it: stamps are corrected by a
       fixed latency and may come out a few ticks early. */
    EARLY_TICKS = 64,
    TICKS_PER_MS = NF_TICK_HZ / 1000,
};

struct arm_watch {
    bool connected;
    bool high;
    bool rose;
    bool fell;
    uint8_t pulses;
    tick_t trigger; /* 0: its line was switched off before it rose */
    tick_t rise;
    tick_t fall;
    bool reported;
};

static struct {
    uint32_t shot_id;
    uint32_t number;
    uint8_t next_state; /* once the trigger under way is over */
    bool fired_reported;
    bool strobe_wanted;
    tick_t deadline;
    struct arm_watch arms[HAL_ARMS];
} shot;

static uint8_t *const state = &registers.state.state;

void trigger_init(void) {
    memset(&shot, 0, sizeof shot);
    *state = NF_STATE_SAFE;
}

void trigger_wake(void) {
    if (*state == NF_STATE_SAFE) *state = NF_STATE_IDLE;
}

uint8_t trigger_arm(uint32_t shot_id, uint16_t budget) {
    if (*state == NF_STATE_FIRING) return NF_ERROR_CODE_WRONG_STATE;
    registers.arm.shot_id = shot_id;
    registers.arm.budget = budget;
    *state = NF_STATE_ARMED;
    return 0;
}

static void start_shot(void) {
    const struct hal_shot order = {
        .focus_ticks = (uint32_t)registers.focus_lead.ms * TICKS_PER_MS,
        .delay_ticks = {registers.delay.near_ticks, registers.delay.far_ticks},
        .pulse_ticks = registers.pulse.ticks,
        .strobe_ticks = registers.strobe.enabled && registers.feedback.mask == (NF_FEEDBACK_MASK_NEAR | NF_FEEDBACK_MASK_FAR)
                            ? registers.strobe.ticks
                            : 0,
    };
    tick_t rise[HAL_ARMS];
    struct hal_edge stale;
    while (hal_next_edge(&stale)) {
    }
    for (uint8_t arm = 0; arm < HAL_ARMS; arm++) {
        shot.arms[arm] = (struct arm_watch){
            .connected = (registers.feedback.mask >> arm & 1) != 0,
            .high = hal_feedback_high(arm),
        };
    }
    hal_fire(&order, rise);
    for (uint8_t arm = 0; arm < HAL_ARMS; arm++) shot.arms[arm].trigger = rise[arm];
    const tick_t later = rise[HAL_NEAR] > rise[HAL_FAR] ? rise[HAL_NEAR] : rise[HAL_FAR];
    shot.deadline = later + (uint32_t)registers.feedback_timeout.ms * TICKS_PER_MS;
}

uint8_t trigger_fire(uint32_t shot_id, uint32_t *number) {
    if (*state != NF_STATE_ARMED) return NF_ERROR_CODE_WRONG_STATE;
    if (shot_id != registers.arm.shot_id) return NF_ERROR_CODE_WRONG_SHOT;
    registers.arm.budget--;
    *number = ++registers.counters.triggers;
    shot.shot_id = shot_id;
    shot.number = *number;
    shot.next_state = registers.arm.budget > 0 ? NF_STATE_ARMED : NF_STATE_IDLE;
    shot.fired_reported = false;
    shot.strobe_wanted = registers.strobe.enabled;
    *state = NF_STATE_FIRING;
    start_shot();
    return 0;
}

static void report_fired(void) {
    struct nf_reg_last_fired *fired = &registers.last_fired;
    fired->shot_id = shot.shot_id;
    fired->trigger_number = shot.number;
    tick_store(&fired->near_tick, shot.arms[HAL_NEAR].trigger);
    tick_store(&fired->far_tick, shot.arms[HAL_FAR].trigger);
    shot.fired_reported = true;
    link_event(NF_EVENT_FIRED, fired, sizeof *fired);
}

_Static_assert(sizeof(struct nf_reg_last_exposure_near) == sizeof(struct nf_reg_last_exposure_far), "one layout for both arms");

static void report_exposure(uint8_t arm) {
    struct arm_watch *watch = &shot.arms[arm];
    struct nf_reg_last_exposure_near value = {
        .shot_id = shot.shot_id,
        .trigger_number = shot.number,
        .arm = arm,
        .pulses = watch->pulses,
    };
    tick_store(&value.rise_tick, watch->rise);
    tick_store(&value.fall_tick, watch->fall);
    if (arm == HAL_NEAR) {
        registers.last_exposure_near = value;
    } else {
        memcpy(&registers.last_exposure_far, &value, sizeof value);
    }
    watch->reported = true;
    link_event(NF_EVENT_EXPOSURE, &value, sizeof value);
}

static uint8_t done_status(bool strobe_fired) {
    uint8_t status = 0;
    for (uint8_t arm = 0; arm < HAL_ARMS; arm++) {
        const struct arm_watch *watch = &shot.arms[arm];
        if (watch->connected && !watch->rose) status |= (uint8_t)(NF_DONE_STATUS_NEAR_MISSING << arm);
        if (watch->connected && watch->rose && !watch->fell) status |= (uint8_t)(NF_DONE_STATUS_NEAR_OPEN << arm);
        if (watch->pulses > (watch->rose ? 1 : 0)) status |= (uint8_t)(NF_DONE_STATUS_NEAR_EXTRA << arm);
    }
    if (strobe_fired) status |= NF_DONE_STATUS_STROBE_FIRED;
    if (shot.strobe_wanted && !strobe_fired) status |= NF_DONE_STATUS_STROBE_WITHHELD;
    return status;
}

/* Reports what is still to be told, in order, and leaves `firing`. */
static void finish_shot(void) {
    tick_t strobe_tick = 0;
    hal_strobe_forbid();
    hal_focus_release();
    const bool strobe_fired = hal_strobe_fired(&strobe_tick);
    if (!shot.fired_reported) report_fired();
    for (uint8_t arm = 0; arm < HAL_ARMS; arm++) {
        if (shot.arms[arm].connected && !shot.arms[arm].reported) report_exposure(arm);
    }
    struct nf_reg_last_done *done = &registers.last_done;
    done->shot_id = shot.shot_id;
    done->trigger_number = shot.number;
    done->status = done_status(strobe_fired);
    done->pulses_near = shot.arms[HAL_NEAR].pulses;
    done->pulses_far = shot.arms[HAL_FAR].pulses;
    tick_store(&done->strobe_tick, strobe_fired ? strobe_tick : 0);
    *state = shot.next_state;
    link_event(NF_EVENT_DONE, done, sizeof *done);
}

static void report_safe(uint8_t cause) {
    const struct nf_event_safe event = {.cause = cause, .shot_id = registers.arm.shot_id};
    link_event(NF_EVENT_SAFE, &event, sizeof event);
}

/* Switches everything off; a line that had not risen yet never will. */
static void cancel_outputs(void) {
    hal_outputs_off();
    if (*state != NF_STATE_FIRING || shot.fired_reported) return;
    for (uint8_t arm = 0; arm < HAL_ARMS; arm++) {
        if (!hal_line_rose(arm)) shot.arms[arm].trigger = 0;
    }
}

void trigger_disarm(void) {
    cancel_outputs();
    const bool was_active = *state >= NF_STATE_ARMED;
    registers.arm.budget = 0;
    if (*state == NF_STATE_FIRING) {
        shot.next_state = NF_STATE_IDLE;
        finish_shot();
    }
    *state = NF_STATE_IDLE;
    if (was_active) report_safe(NF_SAFE_CAUSE_DISARMED);
}

void trigger_make_safe(uint8_t cause) {
    cancel_outputs();
    registers.arm.budget = 0;
    if (*state == NF_STATE_FIRING) {
        if (shot.next_state != NF_STATE_SAFE) report_safe(cause);
        shot.next_state = NF_STATE_SAFE;
        return; /* trigger_poll still measures what was set off */
    }
    if (*state == NF_STATE_ARMED) report_safe(cause);
    *state = NF_STATE_SAFE;
}

static void take_edge(const struct hal_edge *edge) {
    struct arm_watch *watch = &shot.arms[edge->arm];
    if (!watch->connected) return;
    /* Low after low: a pulse too short to be caught high. */
    const bool rises = edge->high || !watch->high;
    const bool belongs = watch->trigger != 0 && edge->tick + EARLY_TICKS >= watch->trigger;
    if (rises) {
        if (watch->pulses < UINT8_MAX) watch->pulses++;
        if (belongs && !watch->rose) {
            watch->rose = true;
            watch->rise = edge->tick;
        }
    }
    if (!edge->high && watch->rose && !watch->fell) {
        watch->fell = true;
        watch->fall = edge->tick;
    }
    watch->high = edge->high;
}

/* Nothing more is expected of this arm: not connected, its pulse ended, or its line never rose. */
static bool arm_settled(const struct arm_watch *watch) {
    return !watch->connected || watch->fell || watch->trigger == 0;
}

void trigger_poll(void) {
    if (*state != NF_STATE_FIRING) return;
    struct hal_edge edge;
    /* Time first: an edge from before the deadline is then surely in the queue already. */
    const bool timed_out = hal_now() >= shot.deadline;
    while (hal_next_edge(&edge)) take_edge(&edge);

    bool both_out = true;
    bool settled = true;
    for (uint8_t arm = 0; arm < HAL_ARMS; arm++) {
        both_out = both_out && (hal_line_rose(arm) || shot.arms[arm].trigger == 0);
        settled = settled && arm_settled(&shot.arms[arm]);
    }
    if (!both_out) return;
    if (!shot.fired_reported) report_fired();
    for (uint8_t arm = 0; arm < HAL_ARMS; arm++) {
        const struct arm_watch *watch = &shot.arms[arm];
        if (watch->connected && watch->fell && !watch->reported) report_exposure(arm);
    }
    if (!hal_lines_low()) return;
    hal_focus_release();
    if ((settled || timed_out) && !hal_strobe_lit()) {
        const bool spent = shot.next_state == NF_STATE_IDLE;
        finish_shot();
        if (spent) report_safe(NF_SAFE_CAUSE_BUDGET_SPENT);
    }
}
