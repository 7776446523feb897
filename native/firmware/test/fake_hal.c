#include "fake_hal.h"

#include <string.h>

#include "../generated/protocol.h"

enum { LEAD_TICKS = 3200, TX_ROOM = 255, EDGES = 64 };

struct fake_hal fake;

static struct {
    const uint8_t *bytes;
    unsigned count;
} rx;

static struct {
    uint8_t bytes[TX_ROOM];
    unsigned count;
} tx;

static struct {
    bool scheduled;
    tick_t rise[HAL_ARMS];
    bool cancelled[HAL_ARMS];
} lines;

static struct {
    struct hal_edge list[EDGES];
    unsigned head, tail;
    bool high[HAL_ARMS];
} edges;

static struct {
    bool allowed, fired;
    tick_t tick;
    uint32_t width;
} strobe;

void fake_power_on(void) {
    const struct fake_hal kept = fake;
    memset(&fake, 0, sizeof fake);
    fake.boots = kept.boots;
    memcpy(fake.board_id, kept.board_id, sizeof fake.board_id);
    fake.now = 1000;
    memset(&rx, 0, sizeof rx);
    memset(&tx, 0, sizeof tx);
    memset(&lines, 0, sizeof lines);
    memset(&edges, 0, sizeof edges);
    memset(&strobe, 0, sizeof strobe);
}

void fake_receive(const uint8_t *bytes, unsigned count) {
    rx.bytes = bytes;
    rx.count = count;
}

unsigned fake_unread(void) {
    return rx.count;
}

unsigned fake_sent(uint8_t *bytes, unsigned room) {
    const unsigned count = tx.count < room ? tx.count : room;
    memcpy(bytes, tx.bytes, count);
    tx.count = 0;
    return count;
}

void fake_edge(uint8_t arm, bool high) {
    edges.high[arm] = high;
    edges.list[edges.head++ % EDGES] = (struct hal_edge){arm, high, fake.now};
}

void fake_light_strobe(void) {
    if (!strobe.allowed) return;
    strobe.allowed = false;
    strobe.fired = true;
    strobe.tick = fake.now;
}

tick_t hal_now(void) { return fake.now; }

bool hal_rx_pop(uint8_t *byte) {
    if (rx.count == 0) return false;
    *byte = *rx.bytes++;
    rx.count--;
    return true;
}

uint8_t hal_rx_lost(void) {
    const uint8_t lost = fake.lost;
    fake.lost = 0;
    return lost;
}

tick_t hal_rx_delimiter_tick(void) { return fake.now; }
uint8_t hal_tx_free(void) { return fake.tx_stuck ? 0 : (uint8_t)(TX_ROOM - tx.count); }
bool hal_tx_idle(void) { return tx.count == 0; }

void hal_tx_write(const uint8_t *bytes, uint8_t count) {
    memcpy(tx.bytes + tx.count, bytes, count); /* past the end is the sanitizer's to find */
    tx.count += count;
}

void hal_fire(const struct hal_shot *shot, tick_t rise[HAL_ARMS]) {
    fake.fires++;
    fake.last_shot = *shot;
    fake.focus = shot->focus_ticks > 0;
    lines.scheduled = true;
    strobe.allowed = shot->strobe_ticks > 0;
    strobe.fired = false;
    strobe.width = shot->strobe_ticks;
    for (uint8_t arm = 0; arm < HAL_ARMS; arm++) {
        lines.cancelled[arm] = false;
        lines.rise[arm] = fake.now + LEAD_TICKS + shot->focus_ticks + shot->delay_ticks[arm];
        rise[arm] = lines.rise[arm];
    }
}

bool hal_line_rose(uint8_t arm) { return !lines.cancelled[arm] && fake.now >= lines.rise[arm]; }

bool hal_lines_low(void) {
    if (!lines.scheduled) return true;
    for (uint8_t arm = 0; arm < HAL_ARMS; arm++) {
        if (fake.now < lines.rise[arm] + fake.last_shot.pulse_ticks) return false;
    }
    return true;
}

void hal_outputs_off(void) {
    for (uint8_t arm = 0; arm < HAL_ARMS; arm++) {
        if (fake.now < lines.rise[arm]) lines.cancelled[arm] = true;
    }
    lines.scheduled = false;
    strobe.allowed = false;
    strobe.width = 0;
    fake.focus = false;
}

void hal_focus_release(void) { fake.focus = false; }
void hal_strobe_forbid(void) { strobe.allowed = false; }
bool hal_strobe_lit(void) { return strobe.fired && fake.now < strobe.tick + strobe.width; }

bool hal_strobe_fired(tick_t *tick) {
    if (strobe.fired) *tick = strobe.tick;
    return strobe.fired;
}

uint32_t hal_strobe_round(uint32_t ticks) { return ticks & ~63U; }

bool hal_next_edge(struct hal_edge *edge) {
    if (edges.tail == edges.head) return false;
    *edge = edges.list[edges.tail++ % EDGES];
    return true;
}

bool hal_feedback_high(uint8_t arm) { return edges.high[arm]; }
void hal_load_board_id(uint8_t id[8]) { memcpy(id, fake.board_id, 8); }
void hal_store_board_id(const uint8_t id[8]) { memcpy(fake.board_id, id, 8); }
uint32_t hal_next_boot_id(void) { return ++fake.boots; }
uint8_t hal_reset_cause(void) { return NF_RESET_CAUSE_POWER_ON; }
void hal_reset(void) { fake.resets++; }
