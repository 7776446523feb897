/*
 * First instructions of the interrupts that must not hold up a time stamp. Only one interrupt runs at a
 * time, so whatever another one does before its `sei` makes a feedback stamp late by as much. Each of these
 * saves what the hardware would overwrite, without touching SREG, lets interrupts in again and goes on in C.
 * Cycles with interrupts off, entry (4) and vector jump (3) included, stand at each.
 */
#define __SFR_OFFSET 0
#include <avr/io.h>

#include "../generated/protocol.h"
#include "shared.h"

    .section .bss
    .global clock_overflows
clock_overflows:
    .skip 1
    .global strobe_lit_by
strobe_lit_by:
    .skip 1
    .global strobe_clock_bits
strobe_clock_bits:
    .skip 1
    .global feedback_near
feedback_near:
    .skip CAPTURE_BYTES
    .global feedback_far
feedback_far:
    .skip CAPTURE_BYTES

    .section .text

/* Forced match: the pin rises. From then on timer 0 puts it out by itself; see strobe.c. */
.macro light_strobe by
    ldi r24, 1 << FOC0A
    out TCCR0B, r24
    sbi PORTD, NF_PIN_STROBE_BIT
    cbi GPIOR0, FLAG_STROBE_ALLOWED
    ldi r24, 1 << COM0A1 /* clear on match */
    out TCCR0A, r24
    ldi r24, 1 << PSRSYNC /* the width starts now; timer 1 runs without the prescaler */
    out GTCCR, r24
    lds r24, strobe_clock_bits
    out TCCR0B, r24
    ldi r24, \by
    sts strobe_lit_by, r24
.endm

/*
 * TCNT1 is read 11 cycles after the interrupt is taken. 39 in all, 54 while a strobe is allowed, 69 to 73 when
 * this edge lights it. EIFR is read in between: an edge of the other input up to there takes over this stamp
 * (early by up to 17), one after it waits for the rest (late by up to 26, or 41 where this edge lights the
 * strobe: then the other input has risen before and only its fall can be late).
 * The other input's pending rise counts here already: two edges at once light the strobe without waiting.
 */
.macro capture vector, record, pin, window, risen, other_request, other_pin, other_window, other_risen, by, body
    .global \vector
\vector:
    push r24
    lds r24, TCNT1L /* latches TCNT1H */
    sts \record + CAPTURE_LOW, r24
    lds r24, TCNT1H
    sts \record + CAPTURE_HIGH, r24
    in r24, EIFR
    sts \record + CAPTURE_EXTINT, r24
    sbis GPIOR0, FLAG_STROBE_ALLOWED
    rjmp 3f
    sbis PIND, \pin
    rjmp 1f
    sbic GPIOR0, \window
    sbi GPIOR0, \risen
1:  in r24, EIFR
    sts \record + CAPTURE_EXTINT, r24
    sbrs r24, \other_request
    rjmp 2f
    sbis PIND, \other_pin
    rjmp 2f
    sbic GPIOR0, \other_window
    sbi GPIOR0, \other_risen
2:  sbis GPIOR0, FLAG_RISEN_NEAR
    rjmp 3f
    sbis GPIOR0, FLAG_RISEN_FAR
    rjmp 3f
    light_strobe \by
3:  in r24, TIFR1
    sts \record + CAPTURE_TIMER, r24
    lds r24, clock_overflows
    sts \record + CAPTURE_OVERFLOWS, r24
    in r24, PIND
    sts \record + CAPTURE_PINS, r24
    pop r24
    sei
    jmp \body
.endm

    capture INT0_vect, feedback_near, NF_PIN_NEAR_FEEDBACK_BIT, FLAG_WINDOW_NEAR, FLAG_RISEN_NEAR, \
        INTF1, NF_PIN_FAR_FEEDBACK_BIT, FLAG_WINDOW_FAR, FLAG_RISEN_FAR, STROBE_BY_NEAR, __vector_near_edge
    capture INT1_vect, feedback_far, NF_PIN_FAR_FEEDBACK_BIT, FLAG_WINDOW_FAR, FLAG_RISEN_FAR, \
        INTF0, NF_PIN_NEAR_FEEDBACK_BIT, FLAG_WINDOW_NEAR, FLAG_RISEN_NEAR, STROBE_BY_FAR, __vector_far_edge

/* 20 cycles. Status before data: reading UDR0 drops both and the request. */
    .global USART_RX_vect
USART_RX_vect:
    push r24
    lds r24, UCSR0A
    out GPIOR1, r24
    lds r24, UDR0
    out GPIOR2, r24
    pop r24
    sei
    jmp __vector_byte_in

/* 18 cycles. The request stays up until UDR0 is written, so it is masked meanwhile. */
    .global USART_UDRE_vect
USART_UDRE_vect:
    push r24
    ldi r24, (1 << RXCIE0) | (1 << RXEN0) | (1 << TXEN0)
    sts UCSR0B, r24
    pop r24
    sei
    jmp __vector_byte_out

/* 27 cycles. Counted before interrupts are let in: a stamp must see either the flag or the count. */
    .global TIMER1_OVF_vect
TIMER1_OVF_vect:
    push r24
    in r24, SREG
    push r24
    lds r24, clock_overflows
    inc r24
    sts clock_overflows, r24
    sbi GPIOR0, FLAG_WORK
    pop r24
    out SREG, r24
    pop r24
    reti
