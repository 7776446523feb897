#include <stdio.h>
#include <string.h>

#include "../app/frame.h"
#include "../generated/golden.h"
#include "host.h"
#include "tests.h"

static unsigned from_hex(const char *hex, uint8_t *bytes) {
    const unsigned count = (unsigned)strlen(hex) / 2;
    for (unsigned i = 0; i < count; i++) {
        unsigned byte = 0;
        sscanf(hex + 2 * i, "%2x", &byte);
        bytes[i] = (uint8_t)byte;
    }
    return count;
}

static enum frame_status feed_all(struct frame_decoder *decoder, const uint8_t *bytes, unsigned count) {
    enum frame_status status = FRAME_PENDING;
    for (unsigned i = 0; i < count; i++) status = frame_feed(decoder, bytes[i]);
    return status;
}

static void golden_vectors(void) {
    struct frame_decoder decoder;
    frame_reset(&decoder);
    for (unsigned i = 0; i < sizeof nf_golden / sizeof nf_golden[0]; i++) {
        const struct nf_golden_vector *vector = &nf_golden[i];
        uint8_t message[NF_MAX_MESSAGE] = {(uint8_t)vector->kind, (uint8_t)vector->seq, (uint8_t)vector->address};
        uint8_t expected[NF_MAX_FRAME], frame[NF_MAX_FRAME];
        const unsigned payload = from_hex(vector->payload_hex, message + 3);
        const unsigned size = from_hex(vector->frame_hex, expected);
        CHECK(frame_encode(message, (uint8_t)(3 + payload), frame) == size);
        CHECK(memcmp(frame, expected, size) == 0);
        CHECK(feed_all(&decoder, expected, size) == FRAME_READY);
        CHECK(decoder.length == 3 + payload && memcmp(decoder.message, message, 3 + payload) == 0);
    }
}

static void every_single_bit_error_is_found(void) {
    uint8_t message[NF_MAX_MESSAGE] = {NF_KIND_WRITE, 5, NF_REG_FIRE, 1, 0, 0, 0};
    uint8_t frame[NF_MAX_FRAME];
    const unsigned size = frame_encode(message, 7, frame);
    for (unsigned bit = 0; bit < size * 8; bit++) {
        struct frame_decoder decoder;
        frame_reset(&decoder);
        uint8_t damaged[NF_MAX_FRAME + 1];
        memcpy(damaged, frame, size);
        damaged[bit / 8] ^= (uint8_t)(1U << bit % 8);
        damaged[size] = 0;
        for (unsigned i = 0; i <= size; i++) CHECK(frame_feed(&decoder, damaged[i]) != FRAME_READY);
    }
}

static void too_long_and_too_short(void) {
    struct frame_decoder decoder;
    frame_reset(&decoder);
    CHECK(frame_feed(&decoder, 0) == FRAME_PENDING);
    uint8_t long_run[200];
    memset(long_run, 0x7E, sizeof long_run);
    CHECK(feed_all(&decoder, long_run, sizeof long_run) == FRAME_PENDING);
    CHECK(frame_feed(&decoder, 0) == FRAME_BAD);
    const uint8_t four[] = {5, 1, 2, 3, 4, 0};
    CHECK(feed_all(&decoder, four, sizeof four) == FRAME_BAD);
    const uint8_t cut[] = {9, 1, 2, 3, 4, 5, 0};
    CHECK(feed_all(&decoder, cut, sizeof cut) == FRAME_BAD);
}

void frame_tests(void) {
    golden_vectors();
    every_single_bit_error_is_found();
    too_long_and_too_short();
}
