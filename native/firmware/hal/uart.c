/* UART 0, 115200 8N1, with interrupt-fed rings. */
#include "uart.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>

#include "../generated/protocol.h"
#include "clock.h"
#include "shared.h"

enum {
    RX_SIZE = 128, /* 11 ms of bytes; a power of two */
    STAMPS = 8,    /* delimiters in the ring whose arrival is remembered; a power of two */
    CONTROL = _BV(RXCIE0) | _BV(RXEN0) | _BV(TXEN0),
    DOUBLE_SPEED_DIVISOR = (F_CPU + NF_BAUD * 4) / (NF_BAUD * 8) - 1,
};

static struct {
    volatile uint8_t bytes[RX_SIZE];
    volatile uint8_t head; /* counts, not indices: both wrap at 256 */
    volatile uint8_t tail;
    volatile uint8_t lost;
    struct stamp stamps[STAMPS];
    volatile uint8_t delimiters; /* seen by the interrupt */
    uint8_t delimiters_taken;
} rx;

static struct {
    volatile uint8_t bytes[256]; /* indexed by bytes that wrap by themselves */
    volatile uint8_t head;
    volatile uint8_t tail;
} tx;

void uart_init(void) {
    UCSR0A = _BV(U2X0);
    UBRR0H = 0;
    UBRR0L = DOUBLE_SPEED_DIVISOR; /* after U2X0: simavr computes the rate on this write */
    UCSR0C = _BV(UCSZ01) | _BV(UCSZ00);
    UCSR0B = CONTROL;
}

/* Goes on from vectors.S with the byte in GPIOR2, its status in GPIOR1 and interrupts on. */
__attribute__((signal, used)) void __vector_byte_in(void);
void __vector_byte_in(void) {
    const uint8_t status = GPIOR1;
    const uint8_t byte = GPIOR2;
    GPIOR0 |= _BV(FLAG_WORK);
    const bool full = (uint8_t)(rx.head - rx.tail) == RX_SIZE;
    if (((status & (_BV(FE0) | _BV(DOR0))) || full) && rx.lost < UINT8_MAX) rx.lost++;
    if ((status & _BV(FE0)) || full) return;
    if (byte == 0) {
        rx.stamps[rx.delimiters % STAMPS] = stamp_now();
        rx.delimiters++;
    }
    rx.bytes[rx.head % RX_SIZE] = byte;
    rx.head++;
}

bool hal_rx_pop(uint8_t *byte) {
    const uint8_t tail = rx.tail;
    if (tail == rx.head) return false;
    *byte = rx.bytes[tail % RX_SIZE];
    rx.tail = tail + 1;
    if (*byte == 0) rx.delimiters_taken++;
    return true;
}

uint8_t hal_rx_lost(void) {
    if (rx.lost == 0) return 0;
    uint8_t lost;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        lost = rx.lost;
        rx.lost = 0;
    }
    return lost;
}

tick_t hal_rx_delimiter_tick(void) {
    const struct stamp stamp = rx.stamps[(uint8_t)(rx.delimiters_taken - 1) % STAMPS];
    const uint8_t behind = rx.delimiters - rx.delimiters_taken; /* after the copy: then it was whole */
    /* So far behind, the stamp was overwritten: now is the honest answer. */
    return behind < STAMPS ? clock_extend(stamp) : hal_now();
}

/* Goes on from vectors.S with the request masked and interrupts on. */
__attribute__((signal, used)) void __vector_byte_out(void);
void __vector_byte_out(void) {
    const uint8_t tail = tx.tail;
    if (tail == tx.head) return; /* stays masked */
    UDR0 = tx.bytes[tail];
    tx.tail = tail + 1;
    UCSR0B = CONTROL | _BV(UDRIE0); /* may nest once: the UART holds two bytes */
}

uint8_t hal_tx_free(void) {
    return (uint8_t)(tx.tail - tx.head - 1);
}

void hal_tx_write(const uint8_t *bytes, uint8_t count) {
    uint8_t head = tx.head;
    while (count-- > 0) tx.bytes[head++] = *bytes++;
    tx.head = head;
    UCSR0B = CONTROL | _BV(UDRIE0); /* one store: no torn read-modify-write */
}

bool hal_tx_idle(void) {
    return tx.tail == tx.head;
}
