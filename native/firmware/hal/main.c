/* Start-up, watchdog and the main loop. */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include <avr/wdt.h>

#include "../app/board.h"
#include "clock.h"
#include "feedback.h"
#include "lines.h"
#include "pins.h"
#include "shared.h"
#include "strobe.h"
#include "uart.h"

static uint8_t reset_flags __attribute__((section(".noinit")));

/* Before main: a watchdog that has bitten stays on at 16 ms until it is told. */
void stop_watchdog(void) __attribute__((naked, used, section(".init3")));
void stop_watchdog(void) {
    reset_flags = MCUSR;
    MCUSR = 0;
    wdt_disable();
}

uint8_t hal_reset_cause(void) {
    if (reset_flags & _BV(PORF)) return NF_RESET_CAUSE_POWER_ON;
    if (reset_flags & _BV(BORF)) return NF_RESET_CAUSE_BROWN_OUT;
    if (reset_flags & _BV(WDRF)) return NF_RESET_CAUSE_WATCHDOG;
    /* Also when a boot loader has cleared the flags: the one of the Uno runs after its reset button. */
    return NF_RESET_CAUSE_EXTERNAL;
}

void hal_reset(void) {
    cli();
    wdt_enable(WDTO_15MS); /* time for the UART's last two bytes */
    for (;;) {
    }
}

/* Sleeps until an interrupt, unless one came since the flag was taken down. */
static void sleep_until_work(void) {
    cli();
    if (!(GPIOR0 & _BV(FLAG_WORK))) {
        sleep_enable();
        sei(); /* takes effect after the next instruction: nothing can slip in between */
        sleep_cpu();
        sleep_disable();
    }
    sei();
}

int main(void) {
    clock_init();
    lines_init();
    strobe_init();
    uart_init();
    set_sleep_mode(SLEEP_MODE_IDLE);
    wdt_enable(WDTO_250MS);
    board_init();
    feedback_init();
    sei();
    for (;;) {
        wdt_reset();
        GPIOR0 &= (uint8_t)~_BV(FLAG_WORK);
        board_poll();
        sleep_until_work();
    }
}
