/*
 * Names that C and assembly share. GPIOR0 holds single-bit flags because sbi and cbi change one bit
 * in one instruction, so that nested interrupts cannot tear it.
 */
#ifndef NEARFAR_SHARED_H
#define NEARFAR_SHARED_H

#define FLAG_WINDOW_NEAR 0 /* a rising near feedback edge counts for the strobe */
#define FLAG_WINDOW_FAR 1
#define FLAG_RISEN_NEAR 2
#define FLAG_RISEN_FAR 3
#define FLAG_STROBE_ALLOWED 4
#define FLAG_WORK 5 /* an interrupt left something for the main loop */

/* Values of strobe_lit_by. */
#define STROBE_BY_NEAR 1
#define STROBE_BY_FAR 2

/* Interrupt code must not depend on what -Os thinks worth inlining: flags are single instructions only with
   constant bits, and a call would make the interrupt save every register. */
#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* Layout of struct capture. */
#define CAPTURE_LOW 0
#define CAPTURE_HIGH 1
#define CAPTURE_EXTINT 2
#define CAPTURE_TIMER 3
#define CAPTURE_OVERFLOWS 4
#define CAPTURE_PINS 5
#define CAPTURE_BYTES 6

#endif
