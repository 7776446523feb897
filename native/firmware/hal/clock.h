/* Timer 1 at full speed, extended to 48 bits and more. */
#ifndef NEARFAR_CLOCK_H
#define NEARFAR_CLOCK_H

#include <avr/interrupt.h>
#include <avr/io.h>
#include <stdbool.h>
#include <stdint.h>

#include "../app/hal.h"
#include "shared.h"

/* A moment as an interrupt can take it: the main loop has a quarter of a second to extend it. */
struct stamp {
    uint16_t low;
    uint8_t overflows;
};

/* Overflows of timer 1, modulo 256; written in vectors.S. */
extern volatile uint8_t clock_overflows;

void clock_init(void);

/* Extends a stamp of the last second. Main loop only. */
tick_t clock_extend(struct stamp stamp);

/* An overflow that happened before `low` was read but was not counted yet belongs to the stamp. */
ALWAYS_INLINE struct stamp stamp_of(uint16_t low, uint8_t timer_flags, uint8_t overflows) {
    if ((timer_flags & _BV(TOV1)) && low < 0x8000) overflows++;
    return (struct stamp){low, overflows};
}

/* Interrupts are off for 10 cycles: TCNT1's two bytes pass through a register that all share. */
ALWAYS_INLINE struct stamp stamp_now(void) {
    const uint8_t sreg = SREG;
    cli();
    const uint16_t low = TCNT1;
    const uint8_t timer_flags = TIFR1;
    const uint8_t overflows = clock_overflows;
    SREG = sreg;
    return stamp_of(low, timer_flags, overflows);
}

#endif
