/* Framing: COBS(message · crc16) 0x00, as PROTOCOL.md says. */
#ifndef NEARFAR_FRAME_H
#define NEARFAR_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "../generated/protocol.h"

enum frame_status { FRAME_PENDING, FRAME_READY, FRAME_BAD };

struct frame_decoder {
    uint8_t message[NF_MAX_MESSAGE];
    uint8_t length;
    uint8_t run_left; /* bytes until the next COBS code */
    bool started;
    bool broken;
};

void frame_reset(struct frame_decoder *decoder);
/* The frame under way has lost a byte: it ends as FRAME_BAD whatever follows. */
void frame_spoil(struct frame_decoder *decoder);
/* FRAME_READY: `message` holds `length` bytes, CRC taken off, until the next call. */
enum frame_status frame_feed(struct frame_decoder *decoder, uint8_t byte);

/* `message` has room for the CRC behind its `length` bytes. Returns the size of `frame`. */
uint8_t frame_encode(uint8_t *message, uint8_t length, uint8_t frame[NF_MAX_FRAME]);

uint16_t frame_crc(const uint8_t *bytes, uint8_t length);

#endif
