#include "clock.h"

/* Ticks / 65536 at the last reading. */
static uint32_t epoch;

void clock_init(void) {
    TCCR1A = 0;
    TCCR1B = _BV(CS10);
    TIMSK1 = _BV(TOIE1);
}

tick_t hal_now(void) {
    const struct stamp now = stamp_now();
    epoch += (uint8_t)(now.overflows - (uint8_t)epoch);
    return (tick_t)epoch << 16 | now.low;
}

tick_t clock_extend(struct stamp stamp) {
    hal_now();
    const uint32_t then = epoch - (uint8_t)((uint8_t)epoch - stamp.overflows);
    return (tick_t)then << 16 | stamp.low;
}
