#ifndef NEARFAR_STROBE_H
#define NEARFAR_STROBE_H

#include <avr/io.h>

#include "clock.h"

void strobe_init(void);
/* Permits one flash of `ticks` on the later feedback edge of the trigger about to be set up; 0: none. */
void strobe_allow(uint32_t ticks);
void strobe_off(void);

extern struct stamp strobe_stamp;
extern volatile bool strobe_fired;

/* STROBE_BY_*: which input's interrupt lit the strobe, until its C part has taken note. From vectors.S. */
extern volatile uint8_t strobe_lit_by;

/* From the feedback interrupt `by` with its own stamp. */
ALWAYS_INLINE void strobe_note(uint8_t by, struct stamp stamp) {
    if (strobe_lit_by != by) return;
    strobe_lit_by = 0;
    strobe_stamp = stamp;
    strobe_fired = true;
}

#endif
