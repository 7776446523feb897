/*
 * What the portable code needs of the board. Implemented by hal/ on the ATmega328P and by
 * test/fake_hal.c on the host. Nothing here blocks unless it says so; all calls come from the
 * main loop, never from an interrupt.
 */
#ifndef NEARFAR_HAL_H
#define NEARFAR_HAL_H

#include <stdbool.h>
#include <stdint.h>

/* Ticks of 62.5 ns since boot; 48 bits go on the wire. */
typedef uint64_t tick_t;

enum { HAL_NEAR = 0, HAL_FAR = 1, HAL_ARMS = 2 };

struct hal_shot {
    uint32_t focus_ticks;           /* from now to the common zero, focus lines held; 0: no focus */
    uint32_t delay_ticks[HAL_ARMS]; /* from the common zero to each rising edge */
    uint32_t pulse_ticks;
    uint32_t strobe_ticks; /* 0: no strobe */
};

struct hal_edge {
    uint8_t arm;
    bool high;
    tick_t tick;
};

tick_t hal_now(void);

/* UART. A byte lost on the way in (overrun, bad stop bit) shows in hal_rx_lost only. */
bool hal_rx_pop(uint8_t *byte);
/* Bytes lost since the last call. */
uint8_t hal_rx_lost(void);
/* When the frame delimiter just popped arrived. */
tick_t hal_rx_delimiter_tick(void);
uint8_t hal_tx_free(void);
/* Every byte was handed to the UART. */
bool hal_tx_idle(void);
/* The caller has checked hal_tx_free. */
void hal_tx_write(const uint8_t *bytes, uint8_t count);

/* Schedules both trigger pulses in hardware; `rise` gets the ticks of their rising edges. */
void hal_fire(const struct hal_shot *shot, tick_t rise[HAL_ARMS]);
bool hal_line_rose(uint8_t arm);
bool hal_lines_low(void);
/* Trigger, focus and strobe off now, and nothing scheduled any more. */
void hal_outputs_off(void);
void hal_focus_release(void);

/* Takes away the permission to fire the strobe; one that is lit ends by itself. */
void hal_strobe_forbid(void);
bool hal_strobe_lit(void);
/* Since the last hal_fire; `tick` is its rising edge. */
bool hal_strobe_fired(tick_t *tick);
/* The nearest width not above `ticks` that the strobe timer can do. */
uint32_t hal_strobe_round(uint32_t ticks);

/* Oldest edge of a feedback input not yet taken; arms may come out of order. */
bool hal_next_edge(struct hal_edge *edge);
bool hal_feedback_high(uint8_t arm);

/* EEPROM; storing blocks for up to 30 ms. */
void hal_load_board_id(uint8_t id[8]);
void hal_store_board_id(const uint8_t id[8]);
/* Advances the stored boot counter and returns it. Call once. */
uint32_t hal_next_boot_id(void);
/* One of NF_RESET_CAUSE_*. */
uint8_t hal_reset_cause(void);
/* Restarts the board by its watchdog; does not return on the real one. */
void hal_reset(void);

#endif
