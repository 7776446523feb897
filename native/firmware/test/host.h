/* The host's side of the link for the tests, and their checks. */
#ifndef NEARFAR_TEST_HOST_H
#define NEARFAR_TEST_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "../generated/protocol.h"
#include "fake_hal.h"

enum { TICKS_PER_MS = NF_TICK_HZ / 1000 };

struct message {
    uint8_t kind, seq, address;
    uint8_t value[NF_MAX_PAYLOAD]; /* without the tick */
    unsigned size;
    tick_t tick;
};

extern unsigned checks_passed, checks_failed;
#define CHECK(condition) check((condition), #condition, __FILE__, __LINE__)
void check(bool condition, const char *text, const char *file, int line);

/* A fresh board, its boot event taken. */
void host_boot(void);
/* Lets time pass in steps of 1 ms. */
void host_run_ms(unsigned ms);

/* Sends a request with the next sequence number and returns the reply (kind 0: none came). */
struct message host_request(uint8_t kind, uint8_t address, const void *payload, unsigned size);
/* The last request once more, same sequence number. */
struct message host_repeat(void);
/* Bytes as they are, polled until all are taken. */
void host_send_raw(const uint8_t *bytes, unsigned count);

struct message host_read(uint8_t address);
struct message host_write(uint8_t address, const void *value, unsigned size);
uint8_t host_state(void);
void host_arm(uint32_t shot_id, uint16_t budget);
struct message host_fire(uint32_t shot_id);

/* Oldest event of this address not yet taken (kind 0: none). */
struct message host_event(uint8_t address);
struct message host_dump_frame(void);
unsigned host_event_count(void);
void host_forget_events(void);

tick_t tick_of(const nf_u48 *field);

#endif
