/*
 * The two trigger lines on the compare outputs of timer 1, and the focus lines. A line's edge is made by the
 * compare unit alone, in toggle mode; the interrupt after a match only sets up what comes next, at least a pulse
 * width ahead. Longer waits are a chain of hops during which the pin is off the unit and follows PORTB, which
 * holds the same level. (Not set and clear modes: simavr 1.6 lets those move the pin at every overflow and at
 * every write of a compare value.)
 */
#include "lines.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>

#include "clock.h"
#include "pins.h"
#include "shared.h"
#include "strobe.h"

enum {
    /* From fire to the common zero: more than twice the time that setting up both lines has been seen to take. */
    LEAD_TICKS = 4800,
    WRAP_MARGIN_TICKS = 16,
    CLEAR_BOTH = _BV(COM1A1) | _BV(COM1B1),
    FORCE_BOTH = _BV(FOC1A) | _BV(FOC1B),
};

/* Beyond the range of int. Up to LAST_HOP_TICKS go in one hop, so that no hop is short. */
#define HOP_TICKS 32768U
#define LAST_HOP_TICKS 49152U

enum phase { PHASE_LOW, PHASE_WAITING, PHASE_HIGH };

static struct line {
    volatile uint8_t phase; /* enum phase */
    volatile bool rose;
    uint16_t compare;
    uint32_t remaining; /* ticks from `compare` to the edge of this phase */
    uint32_t pulse;
} lines[HAL_ARMS];

/* Low and off the compare units, whose own state is low too when they get the pins back. */
ALWAYS_INLINE void release_pins(void) {
    PORTB = 0;
    TCCR1A = CLEAR_BOTH;
    TCCR1C = FORCE_BOTH;
    TCCR1A = 0;
    PORTB = 0; /* simavr may have moved the pins in clear mode */
}

void lines_init(void) {
    release_pins();
    DDRB = TRIGGER_MASK;
    PORTD &= (uint8_t)~FOCUS_MASK;
    DDRD |= FOCUS_MASK;
}

/*
 * Keeps out of the way of the other unit's match: simavr 1.6 makes a match a second time when a compare value is
 * written in its very cycle, which a toggling pin shows as a glitch. The wait is a microsecond at most.
 */
ALWAYS_INLINE void write_compare(uint8_t arm, uint16_t value) {
    for (bool written = false; !written;) {
        ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
            const uint16_t ahead = (arm == HAL_NEAR ? OCR1B : OCR1A) - TCNT1;
            written = (uint16_t)(ahead + 4) > 20;
            if (written && arm == HAL_NEAR) OCR1A = value;
            if (written && arm == HAL_FAR) OCR1B = value;
        }
    }
}

/* Whether the next match toggles the pin. */
ALWAYS_INLINE void connect(uint8_t arm, bool connected) {
    const uint8_t bit = arm == HAL_NEAR ? _BV(COM1A0) : _BV(COM1B0);
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        if (connected) {
            TCCR1A |= bit;
        } else {
            TCCR1A &= (uint8_t)~bit;
        }
    }
}

/* What the pin shows while it is off its compare unit. One instruction, so the other line's bit is safe. */
ALWAYS_INLINE void mirror(uint8_t arm, bool high) {
    const uint8_t bit = arm == HAL_NEAR ? _BV(NF_PIN_NEAR_TRIGGER_BIT) : _BV(NF_PIN_FAR_TRIGGER_BIT);
    if (high) {
        PORTB |= bit;
    } else {
        PORTB &= (uint8_t)~bit;
    }
}

ALWAYS_INLINE uint8_t interrupt_bit(uint8_t arm) {
    return arm == HAL_NEAR ? _BV(OCIE1A) : _BV(OCIE1B);
}

/* Moves the compare value towards the edge; only the last hop's match moves the pin. */
ALWAYS_INLINE void hop(uint8_t arm) {
    struct line *line = &lines[arm];
    const uint32_t remaining = line->remaining;
    const uint16_t ticks = remaining > LAST_HOP_TICKS ? HOP_TICKS : (uint16_t)remaining;
    line->remaining = remaining - ticks;
    line->compare += ticks;
    if (line->remaining > 0) {
        if (line->phase == PHASE_HIGH) mirror(arm, true);
        connect(arm, false);
    }
    write_compare(arm, line->compare);
    if (line->remaining > 0) return;
    connect(arm, true);
    if (line->phase == PHASE_WAITING) GPIOR0 |= arm == HAL_NEAR ? _BV(FLAG_WINDOW_NEAR) : _BV(FLAG_WINDOW_FAR);
}

ALWAYS_INLINE void on_match(uint8_t arm) {
    struct line *line = &lines[arm];
    if (line->remaining > 0) {
        hop(arm);
        return;
    }
    GPIOR0 |= _BV(FLAG_WORK);
    if (line->phase == PHASE_WAITING) {
        line->rose = true;
        line->phase = PHASE_HIGH;
        line->remaining = line->pulse;
        hop(arm);
    } else {
        mirror(arm, false);
        connect(arm, false);
        line->phase = PHASE_LOW;
        ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
            TIMSK1 &= (uint8_t)~interrupt_bit(arm);
        }
    }
}

ISR(TIMER1_COMPA_vect, ISR_NOBLOCK) {
    on_match(HAL_NEAR);
}

ISR(TIMER1_COMPB_vect, ISR_NOBLOCK) {
    on_match(HAL_FAR);
}

/*
 * How far a compare value must move to be clear of the counter's wrap. A chip copes there, but simavr never matches
 * 0 and loses matches within an instruction after the wrap; starting a few ticks later keeps both worlds alike.
 */
static uint16_t past_wrap(uint16_t compare) {
    const uint16_t place = (compare + WRAP_MARGIN_TICKS) % HOP_TICKS;
    return place < 2 * WRAP_MARGIN_TICKS ? 2 * WRAP_MARGIN_TICKS - place : 0;
}

/* Ticks to add to `start` so that no compare value of either line comes close to the wrap. */
static uint16_t start_shift(uint16_t start, const uint32_t wait[HAL_ARMS], uint16_t pulse) {
    const uint16_t values[] = {
        start,
        start + (uint16_t)wait[HAL_NEAR],
        start + (uint16_t)wait[HAL_NEAR] + pulse,
        start + (uint16_t)wait[HAL_FAR],
        start + (uint16_t)wait[HAL_FAR] + pulse,
    };
    uint16_t shift = 0;
    uint16_t before;
    do {
        before = shift;
        for (uint8_t i = 0; i < sizeof values / sizeof values[0]; i++) shift += past_wrap(values[i] + shift);
    } while (shift != before);
    return shift;
}

/* From `compare`, the tick before the common start, to the first hop of both lines. */
static void set_off(uint16_t compare, const uint32_t wait[HAL_ARMS], uint32_t pulse) {
    for (uint8_t arm = 0; arm < HAL_ARMS; arm++) {
        struct line *line = &lines[arm];
        line->phase = PHASE_WAITING;
        line->rose = false;
        line->pulse = pulse;
        line->compare = compare;
        line->remaining = wait[arm];
        hop(arm);
    }
    /* All compare values lie ahead by now, so a flag that is up is an old one. */
    TIFR1 = _BV(OCF1A) | _BV(OCF1B);
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        TIMSK1 |= _BV(OCIE1A) | _BV(OCIE1B);
    }
}

void hal_fire(const struct hal_shot *shot, tick_t rise[HAL_ARMS]) {
    uint32_t wait[HAL_ARMS];
    strobe_allow(shot->strobe_ticks);
    if (shot->focus_ticks > 0) PORTD |= FOCUS_MASK;
    for (uint8_t arm = 0; arm < HAL_ARMS; arm++) wait[arm] = LEAD_TICKS + shot->focus_ticks + shot->delay_ticks[arm];
    tick_t start = hal_now();
    /* The pin changes one tick after the counter equals the compare value. */
    const uint16_t compare = (uint16_t)start - 1;
    const uint16_t shift = start_shift(compare, wait, (uint16_t)shot->pulse_ticks);
    set_off(compare + shift, wait, shot->pulse_ticks);
    start += shift;
    for (uint8_t arm = 0; arm < HAL_ARMS; arm++) rise[arm] = start + wait[arm];
}

bool hal_line_rose(uint8_t arm) {
    return lines[arm].rose;
}

bool hal_lines_low(void) {
    return lines[HAL_NEAR].phase == PHASE_LOW && lines[HAL_FAR].phase == PHASE_LOW;
}

void hal_focus_release(void) {
    PORTD &= (uint8_t)~_BV(NF_PIN_NEAR_FOCUS_BIT);
    PORTD &= (uint8_t)~_BV(NF_PIN_FAR_FOCUS_BIT);
}

void hal_outputs_off(void) {
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        /* A match that was made but not yet handled did raise its line. */
        const uint8_t flags = TIFR1;
        if (lines[HAL_NEAR].phase == PHASE_WAITING && lines[HAL_NEAR].remaining == 0 && (flags & _BV(OCF1A))) {
            lines[HAL_NEAR].rose = true;
        }
        if (lines[HAL_FAR].phase == PHASE_WAITING && lines[HAL_FAR].remaining == 0 && (flags & _BV(OCF1B))) {
            lines[HAL_FAR].rose = true;
        }
        release_pins();
        TIMSK1 = _BV(TOIE1);
        lines[HAL_NEAR].phase = PHASE_LOW;
        lines[HAL_FAR].phase = PHASE_LOW;
    }
    hal_focus_release();
    strobe_off();
}
