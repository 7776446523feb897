/* The board on the host: time stands still until a test moves it; bytes and edges are what a test puts in. */
#ifndef NEARFAR_FAKE_HAL_H
#define NEARFAR_FAKE_HAL_H

#include "../app/hal.h"

struct fake_hal {
    tick_t now;
    /* What the program did. */
    unsigned fires;
    unsigned resets;
    bool focus;
    struct hal_shot last_shot;
    /* What the world does. */
    uint32_t boots;
    uint8_t board_id[8];
    uint8_t lost;
    bool tx_stuck;
};
extern struct fake_hal fake;

/* A board that has just got power; the EEPROM's content stays. */
void fake_power_on(void);
/* `bytes` must stay until they are read. */
void fake_receive(const uint8_t *bytes, unsigned count);
unsigned fake_unread(void);
/* Moves sent bytes out; returns how many were written to `bytes`. */
unsigned fake_sent(uint8_t *bytes, unsigned room);
/* An edge at fake.now. */
void fake_edge(uint8_t arm, bool high);
void fake_light_strobe(void);

#endif
