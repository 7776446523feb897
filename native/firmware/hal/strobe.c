/*
 * The strobe on PD6 = OC0A. vectors.S lights it by forcing a match of timer 0's compare unit A and starts the
 * timer; the unit's real match puts it out. So once lit it goes out without any program; the match interrupt
 * only tidies up. PORTD mirrors the unit: simavr knows no forced match, and the pin follows PORTD once the unit
 * lets go of it.
 */
#include "strobe.h"

#include <avr/interrupt.h>
#include <util/atomic.h>

#include "pins.h"
#include "shared.h"

enum {
    SET_ON_MATCH = _BV(COM0A1) | _BV(COM0A0),
    SHOT_FLAGS = _BV(FLAG_WINDOW_NEAR) | _BV(FLAG_WINDOW_FAR) | _BV(FLAG_RISEN_NEAR) | _BV(FLAG_RISEN_FAR) |
                 _BV(FLAG_STROBE_ALLOWED),
    TIDY_TICKS = 384, /* with two other interrupts in between */
    /* From the reading of the timer to the forced match in vectors.S: 28 cycles, or 32 when both edges came at
       once. */
    LIT_AFTER_STAMP_TICKS = 30,
};

static const struct {
    uint8_t shift;
    uint8_t clock_bits;
} prescalers[] = {
    {3, _BV(CS01)},
    {6, _BV(CS01) | _BV(CS00)},
    {8, _BV(CS02)},
    {10, _BV(CS02) | _BV(CS00)},
};

/* Read in vectors.S. */
extern volatile uint8_t strobe_clock_bits;

struct stamp strobe_stamp;
volatile bool strobe_fired;

/*
 * Smallest prescaler with which timer 0 can count the width and then does not wrap before the match interrupt
 * has stopped it (at a wrap simavr 1.6 would raise the pin again). At 10 ms that is the last one.
 */
static uint8_t prescaler_for(uint32_t ticks) {
    uint8_t i = 0;
    for (;; i++) {
        const uint32_t counts = ticks >> prescalers[i].shift;
        if (counts <= UINT8_MAX && (256 - counts) << prescalers[i].shift >= TIDY_TICKS) return i;
    }
}

uint32_t hal_strobe_round(uint32_t ticks) {
    const uint8_t shift = prescalers[prescaler_for(ticks)].shift;
    return ticks >> shift << shift;
}

void strobe_init(void) {
    PORTD &= (uint8_t)~STROBE_MASK;
    DDRD |= STROBE_MASK;
}

void strobe_allow(uint32_t ticks) {
    strobe_off();
    strobe_fired = false;
    if (ticks == 0) return;
    const uint8_t i = prescaler_for(ticks);
    strobe_clock_bits = prescalers[i].clock_bits;
    OCR0A = (uint8_t)((ticks >> prescalers[i].shift) - 1);
    TCCR0A = SET_ON_MATCH; /* and nothing matches while the timer stands */
    TIMSK0 = _BV(OCIE0A);
    GPIOR0 |= _BV(FLAG_STROBE_ALLOWED);
}

static void put_out(void) {
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        PORTD &= (uint8_t)~STROBE_MASK;
        TCCR0A = _BV(COM0A1);
        TCCR0B = _BV(FOC0A); /* stops the timer and clears the unit: it must be low when next connected */
        TCCR0A = 0;
        TIMSK0 = 0;
    }
    TCNT0 = 0;
    TIFR0 = _BV(OCF0A);
}

ISR(TIMER0_COMPA_vect, ISR_NOBLOCK) {
    put_out();
    GPIOR0 |= _BV(FLAG_WORK);
}

void hal_strobe_forbid(void) {
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        if (GPIOR0 & _BV(FLAG_STROBE_ALLOWED)) TIMSK0 = 0;
        GPIOR0 &= (uint8_t)~SHOT_FLAGS;
    }
}

void strobe_off(void) {
    hal_strobe_forbid();
    put_out();
}

bool hal_strobe_lit(void) {
    return TIMSK0 != 0 && !(GPIOR0 & _BV(FLAG_STROBE_ALLOWED));
}

bool hal_strobe_fired(tick_t *tick) {
    if (!strobe_fired) return false;
    *tick = clock_extend(strobe_stamp) + LIT_AFTER_STAMP_TICKS;
    return true;
}
