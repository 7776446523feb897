#include "link.h"

#include <stddef.h>
#include <string.h>

#include "commands.h"
#include "frame.h"
#include "hal.h"
#include "registers.h"
#include "trigger.h"

enum {
    TICKS_PER_MS = NF_TICK_HZ / 1000,
    AT_KIND = 0,
    AT_SEQ = 1,
    AT_ADDRESS = 2,
    AT_PAYLOAD = 3,
    /* A repeated write counts as a retry only this many requests after the first. */
    RETRY_REACH = 128,
    /* Bytes of the send ring kept for events: `fired` and both `exposure`s. */
    EVENT_RESERVE = 128,
    NO_DUMP = 0xFF,
};

/* The last write and the reply it got, so that a retry is answered and not executed again. */
static struct {
    bool valid;
    uint8_t age;
    uint8_t seq;
    uint8_t length;
    uint16_t crc;
    uint8_t frame[NF_MAX_FRAME];
    uint8_t frame_length;
} last_write;

static struct {
    struct frame_decoder decoder;
    uint8_t event_seq;
    uint8_t dump_index; /* next register to dump, or NO_DUMP */
    uint8_t dump_seq;
    bool host_heard;
    tick_t heard_tick;
    tick_t heartbeat_tick;
    tick_t request_tick;
} link;

void link_init(void) {
    memset(&link, 0, sizeof link);
    memset(&last_write, 0, sizeof last_write);
    frame_reset(&link.decoder);
    link.dump_index = NO_DUMP;
    link.heartbeat_tick = hal_now();
    /* Ends a frame that a reset has cut short: the host would else take `booted` for the rest of it. */
    static const uint8_t delimiter = 0;
    hal_tx_write(&delimiter, sizeof delimiter);
}

/* Builds kind · seq · address · tick · value as a frame; returns its size. */
static uint8_t build(uint8_t frame[NF_MAX_FRAME], const uint8_t header[3], tick_t tick, const void *value, uint8_t size) {
    uint8_t message[NF_MAX_MESSAGE];
    nf_u48 wire_tick;
    tick_store(&wire_tick, tick);
    memcpy(message, header, AT_PAYLOAD);
    memcpy(message + AT_PAYLOAD, &wire_tick, NF_TICK_BYTES);
    memcpy(message + AT_PAYLOAD + NF_TICK_BYTES, value, size);
    return frame_encode(message, (uint8_t)(AT_PAYLOAD + NF_TICK_BYTES + size), frame);
}

/* By value: counters sit unaligned in packed registers. */
static uint16_t saturating_next(uint16_t count) {
    return count < UINT16_MAX ? count + 1 : UINT16_MAX;
}

void link_event(uint8_t address, const void *value, uint8_t size) {
    uint8_t frame[NF_MAX_FRAME];
    const uint8_t header[3] = {NF_KIND_EVENT, link.event_seq++, address};
    const uint8_t length = build(frame, header, hal_now(), value, size);
    /* The reply to a request under way must still fit behind its events. */
    if (hal_tx_free() >= length + NF_MAX_FRAME) {
        hal_tx_write(frame, length);
    } else {
        registers.counters.events_dropped = saturating_next(registers.counters.events_dropped);
    }
}

/* Values that are not kept in the register file but made when asked for. */
static void refresh(uint8_t address) {
    if (address == NF_REG_TICK) tick_store(&registers.tick.tick, link.request_tick);
}

static void reply(const uint8_t *request, uint8_t kind, const void *value, uint8_t size) {
    uint8_t frame[NF_MAX_FRAME];
    const uint8_t header[3] = {kind, request[AT_SEQ], request[AT_ADDRESS]};
    const uint8_t length = build(frame, header, link.request_tick, value, size);
    if (request[AT_KIND] == NF_KIND_WRITE) {
        memcpy(last_write.frame, frame, length);
        last_write.frame_length = length;
    }
    hal_tx_write(frame, length);
}

static void reply_error(const uint8_t *request, uint8_t code) {
    reply(request, NF_KIND_ERROR, &code, sizeof code);
}

static void handle_read(const uint8_t *request, uint8_t payload_length, const struct register_info *info) {
    if (!(info->access & NF_READ)) {
        reply_error(request, NF_ERROR_CODE_WRITE_ONLY);
    } else if (payload_length != 0) {
        reply_error(request, NF_ERROR_CODE_WRONG_LENGTH);
    } else {
        refresh(info->address);
        reply(request, NF_KIND_READ_REPLY, register_value(info), info->size);
    }
}

static void handle_write(const uint8_t *request, uint8_t payload_length, const struct register_info *info) {
    if (!(info->access & NF_WRITE)) {
        reply_error(request, NF_ERROR_CODE_READ_ONLY);
        return;
    }
    if (payload_length != info->size) {
        reply_error(request, NF_ERROR_CODE_WRONG_LENGTH);
        return;
    }
    struct command_result result = {.value = register_value(info), .size = info->size};
    uint8_t error = register_check(info, request + AT_PAYLOAD);
    if (error == 0) error = command_write(info, request + AT_PAYLOAD, &result);
    if (error != 0) {
        reply_error(request, error);
        return;
    }
    trigger_wake();
    reply(request, NF_KIND_WRITE_REPLY, result.value, result.size);
    if (info->address == NF_REG_DUMP) {
        link.dump_index = 0;
        link.dump_seq = request[AT_SEQ];
    }
}

/* True when this write was the last one already; it is answered from memory. */
static bool answered_before(const uint8_t *message, uint8_t length, uint16_t crc) {
    const bool same = last_write.valid && last_write.seq == message[AT_SEQ] && last_write.length == length && last_write.crc == crc;
    if (!same) return false;
    hal_tx_write(last_write.frame, last_write.frame_length);
    return true;
}

static void handle_request(const uint8_t *message, uint8_t length) {
    const uint8_t kind = message[AT_KIND];
    const uint8_t payload_length = (uint8_t)(length - AT_PAYLOAD);
    const struct register_info *info = register_find(message[AT_ADDRESS]);
    if (kind == NF_KIND_WRITE) {
        const uint16_t crc = frame_crc(message, length);
        if (answered_before(message, length, crc)) return;
        last_write.valid = true;
        last_write.age = 0;
        last_write.seq = message[AT_SEQ];
        last_write.length = length;
        last_write.crc = crc;
    } else if (last_write.valid && ++last_write.age >= RETRY_REACH) {
        last_write.valid = false;
    }
    if (kind != NF_KIND_READ && kind != NF_KIND_WRITE) {
        reply_error(message, NF_ERROR_CODE_UNKNOWN_KIND);
    } else if (info == NULL) {
        reply_error(message, NF_ERROR_CODE_UNKNOWN_REGISTER);
    } else if (kind == NF_KIND_READ) {
        handle_read(message, payload_length, info);
    } else {
        handle_write(message, payload_length, info);
    }
}

static void handle_bad_frame(void) {
    registers.counters.rx_crc_errors = saturating_next(registers.counters.rx_crc_errors);
    trigger_make_safe(NF_SAFE_CAUSE_BAD_FRAME);
}

static void note_lost_bytes(void) {
    for (uint8_t lost = hal_rx_lost(); lost > 0; lost--) {
        registers.counters.rx_overruns = saturating_next(registers.counters.rx_overruns);
        frame_spoil(&link.decoder);
    }
}

/* Takes requests only while their reply and the events of a trigger fit: a busy host must not crowd those out. */
static void take_requests(void) {
    uint8_t byte;
    note_lost_bytes();
    while (hal_tx_free() >= NF_MAX_FRAME + EVENT_RESERVE && hal_rx_pop(&byte)) {
        const enum frame_status status = frame_feed(&link.decoder, byte);
        const tick_t arrived = byte == 0 ? hal_rx_delimiter_tick() : 0;
        if (status == FRAME_BAD) handle_bad_frame();
        if (status != FRAME_READY) continue;
        link.request_tick = arrived;
        link.heard_tick = hal_now();
        link.host_heard = true;
        handle_request(link.decoder.message, link.decoder.length);
    }
}

static void watch_host(void) {
    const uint32_t patience = (uint32_t)registers.host_timeout.ms * TICKS_PER_MS;
    if (!link.host_heard || hal_now() - link.heard_tick < patience) return;
    link.host_heard = false;
    last_write.valid = false; /* the next host may start with any sequence number */
    trigger_make_safe(NF_SAFE_CAUSE_HOST_SILENT);
}

static void send_dump(void) {
    const struct register_info *info;
    while (link.dump_index != NO_DUMP && hal_tx_free() >= NF_MAX_FRAME + EVENT_RESERVE) {
        info = register_at_index(link.dump_index);
        if (info == NULL) {
            link.dump_index = NO_DUMP;
            return;
        }
        link.dump_index++;
        if (!(info->access & NF_READ)) continue;
        uint8_t frame[NF_MAX_FRAME];
        const uint8_t header[3] = {NF_KIND_DUMP, link.dump_seq, info->address};
        link.request_tick = hal_now();
        refresh(info->address);
        hal_tx_write(frame, build(frame, header, link.request_tick, register_value(info), info->size));
    }
}

static void send_heartbeat(void) {
    const uint32_t interval = (uint32_t)registers.heartbeat.ms * TICKS_PER_MS;
    const tick_t now = hal_now();
    if (interval == 0 || now - link.heartbeat_tick < interval) return;
    link.heartbeat_tick = now;
    const struct nf_event_heartbeat event = {
        .state = registers.state.state,
        .triggers = registers.counters.triggers,
        .rx_crc_errors = registers.counters.rx_crc_errors,
        .rx_overruns = registers.counters.rx_overruns,
        .events_dropped = registers.counters.events_dropped,
    };
    link_event(NF_EVENT_HEARTBEAT, &event, sizeof event);
}

void link_poll(void) {
    take_requests();
    watch_host();
    send_dump();
    send_heartbeat();
}
