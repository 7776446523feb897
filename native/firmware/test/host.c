#include "host.h"

#include <stdio.h>
#include <string.h>

#include "../app/board.h"
#include "../app/frame.h"

enum { INBOX = 256 };

unsigned checks_passed, checks_failed;

static struct message inbox[INBOX];
static unsigned inbox_count;
static struct frame_decoder decoder;
static uint8_t next_seq;
static uint8_t last_frame[NF_MAX_FRAME];
static unsigned last_frame_length;

void check(bool condition, const char *text, const char *file, int line) {
    if (condition) {
        checks_passed++;
        return;
    }
    checks_failed++;
    printf("FAILED %s:%d: %s\n", file, line, text);
}

tick_t tick_of(const nf_u48 *field) {
    tick_t tick = 0;
    for (int i = NF_TICK_BYTES - 1; i >= 0; i--) tick = tick << 8 | field->bytes[i];
    return tick;
}

static void collect(void) {
    uint8_t bytes[512];
    const unsigned count = fake_sent(bytes, sizeof bytes);
    for (unsigned i = 0; i < count; i++) {
        const enum frame_status status = frame_feed(&decoder, bytes[i]);
        if (status == FRAME_BAD) CHECK(!"the board sent a bad frame");
        if (status != FRAME_READY || inbox_count == INBOX) continue;
        struct message *message = &inbox[inbox_count++];
        nf_u48 tick;
        message->kind = decoder.message[0];
        message->seq = decoder.message[1];
        message->address = decoder.message[2];
        memcpy(&tick, decoder.message + 3, sizeof tick);
        message->tick = tick_of(&tick);
        message->size = decoder.length - 9U;
        memcpy(message->value, decoder.message + 9, message->size);
    }
}

static bool is_reply(const struct message *message) {
    return message->kind != NF_KIND_EVENT && message->kind != NF_KIND_DUMP;
}

/* `kind` 0: the oldest reply. `address` counts for events only. */
static struct message take(uint8_t kind, uint8_t address) {
    for (unsigned i = 0; i < inbox_count; i++) {
        if (kind == 0 ? !is_reply(&inbox[i]) : inbox[i].kind != kind) continue;
        if (kind == NF_KIND_EVENT && inbox[i].address != address) continue;
        const struct message found = inbox[i];
        memmove(&inbox[i], &inbox[i + 1], (inbox_count - i - 1) * sizeof inbox[0]);
        inbox_count--;
        return found;
    }
    return (struct message){0};
}

void host_boot(void) {
    fake_power_on();
    frame_reset(&decoder);
    inbox_count = 0;
    board_init();
    board_poll();
    collect();
    host_forget_events();
}

void host_run_ms(unsigned ms) {
    while (ms-- > 0) {
        fake.now += TICKS_PER_MS;
        board_poll();
        collect();
    }
}

void host_send_raw(const uint8_t *bytes, unsigned count) {
    fake_receive(bytes, count);
    do {
        board_poll();
        collect();
    } while (fake_unread() > 0);
}

struct message host_request(uint8_t kind, uint8_t address, const void *payload, unsigned size) {
    uint8_t message[NF_MAX_MESSAGE] = {kind, next_seq++, address};
    if (size > 0) memcpy(message + 3, payload, size);
    last_frame_length = frame_encode(message, (uint8_t)(3 + size), last_frame);
    return host_repeat();
}

struct message host_repeat(void) {
    host_send_raw(last_frame, last_frame_length);
    return take(0, 0);
}

struct message host_read(uint8_t address) { return host_request(NF_KIND_READ, address, NULL, 0); }

struct message host_write(uint8_t address, const void *value, unsigned size) {
    return host_request(NF_KIND_WRITE, address, value, size);
}

uint8_t host_state(void) {
    const struct message reply = host_read(NF_REG_STATE);
    CHECK(reply.kind == NF_KIND_READ_REPLY && reply.size == 1);
    return reply.value[0];
}

void host_arm(uint32_t shot_id, uint16_t budget) {
    const struct nf_reg_arm arm = {shot_id, budget};
    CHECK(host_write(NF_REG_ARM, &arm, sizeof arm).kind == NF_KIND_WRITE_REPLY);
}

struct message host_fire(uint32_t shot_id) { return host_write(NF_REG_FIRE, &shot_id, sizeof shot_id); }

struct message host_event(uint8_t address) { return take(NF_KIND_EVENT, address); }
struct message host_dump_frame(void) { return take(NF_KIND_DUMP, 0); }

unsigned host_event_count(void) {
    unsigned count = 0;
    for (unsigned i = 0; i < inbox_count; i++) count += inbox[i].kind == NF_KIND_EVENT;
    return count;
}

void host_forget_events(void) {
    unsigned kept = 0;
    for (unsigned i = 0; i < inbox_count; i++) {
        if (inbox[i].kind != NF_KIND_EVENT) inbox[kept++] = inbox[i];
    }
    inbox_count = kept;
}
