/*
 * Time stamps of the feedback inputs on INT0 and INT1. vectors.S reads the timer first thing; the C part runs
 * with interrupts on. When both inputs change at once, INT0 goes first and finds INT1's request up at its own
 * reading of the timer: that reading then is INT1's stamp too, and the same the other way round.
 */
#include "feedback.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <stddef.h>
#include <util/atomic.h>

#include "clock.h"
#include "pins.h"
#include "shared.h"
#include "strobe.h"

enum {
    RING = 8, /* a power of two */
    /* From an edge on an idle chip to the reading of TCNT1: 2 to 3 cycles through the pin's synchroniser,
       4 of interrupt entry, 3 of the vector's jump, 2 of push, 1 into lds. simavr charges 6 of these. */
    STAMP_LATENCY_TICKS = 12,
};

struct capture {
    uint8_t low;
    uint8_t high;
    uint8_t extint_flags;
    uint8_t timer_flags;
    uint8_t overflows;
    uint8_t pins;
};
_Static_assert(sizeof(struct capture) == CAPTURE_BYTES && offsetof(struct capture, pins) == CAPTURE_PINS, "as shared.h says");

extern volatile struct capture feedback_near;
extern volatile struct capture feedback_far;

static struct ring {
    struct {
        struct stamp stamp;
        bool high;
    } edges[RING];
    volatile uint8_t head;
    volatile uint8_t tail;
} rings[HAL_ARMS];

void feedback_init(void) {
    /* The inputs stand at a level before the sense is set: a low one would else storm INT0. */
    EICRA = _BV(ISC00) | _BV(ISC10); /* any edge */
    EIFR = _BV(INTF0) | _BV(INTF1);
    EIFR = 0; /* nothing on the chip; simavr 1.6 has stored the line above, which reads as edges */
    EIMSK = _BV(INT0) | _BV(INT1);
}

ALWAYS_INLINE void keep(struct ring *ring, struct stamp stamp, bool high) {
    const uint8_t head = ring->head;
    if ((uint8_t)(head - ring->tail) == RING) return; /* faster than any camera: the pulse count stops */
    ring->edges[head % RING].stamp = stamp;
    ring->edges[head % RING].high = high;
    ring->head = head + 1;
    GPIOR0 |= _BV(FLAG_WORK);
}

/* `other` is the other input's latest capture; our request bit in it means that it read the timer for us. */
ALWAYS_INLINE struct stamp choose(volatile struct capture *own, volatile struct capture *other, uint8_t request) {
    volatile struct capture *from = own;
    if (other->extint_flags & request) {
        other->extint_flags = 0;
        from = other;
    }
    return stamp_of((uint16_t)(from->low | from->high << 8), from->timer_flags, from->overflows);
}

ALWAYS_INLINE void edge(uint8_t arm, volatile struct capture *own, volatile struct capture *other, uint8_t pin, uint8_t request) {
    const bool high = (own->pins & _BV(pin)) != 0;
    strobe_note(arm == HAL_NEAR ? STROBE_BY_NEAR : STROBE_BY_FAR, stamp_of((uint16_t)(own->low | own->high << 8), own->timer_flags, own->overflows));
    keep(&rings[arm], choose(own, other, request), high);
}

__attribute__((signal, used)) void __vector_near_edge(void);
void __vector_near_edge(void) {
    edge(HAL_NEAR, &feedback_near, &feedback_far, NF_PIN_NEAR_FEEDBACK_BIT, _BV(INTF0));
}

__attribute__((signal, used)) void __vector_far_edge(void);
void __vector_far_edge(void) {
    edge(HAL_FAR, &feedback_far, &feedback_near, NF_PIN_FAR_FEEDBACK_BIT, _BV(INTF1));
}

bool hal_next_edge(struct hal_edge *edge) {
    for (uint8_t arm = 0; arm < HAL_ARMS; arm++) {
        struct ring *ring = &rings[arm];
        const uint8_t tail = ring->tail;
        if (tail == ring->head) continue;
        edge->arm = arm;
        edge->high = ring->edges[tail % RING].high;
        edge->tick = clock_extend(ring->edges[tail % RING].stamp) - STAMP_LATENCY_TICKS;
        ring->tail = tail + 1;
        return true;
    }
    return false;
}

bool hal_feedback_high(uint8_t arm) {
    return (PIND & (arm == HAL_NEAR ? _BV(NF_PIN_NEAR_FEEDBACK_BIT) : _BV(NF_PIN_FAR_FEEDBACK_BIT))) != 0;
}
