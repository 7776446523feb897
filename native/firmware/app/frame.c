#include "frame.h"

enum { HEADER_BYTES = 3, CRC_BYTES = 2 };

/* CRC-16/CCITT-FALSE a byte at a time without a table: 20 instructions instead of 512 bytes. */
uint16_t frame_crc(const uint8_t *bytes, uint8_t length) {
    uint16_t crc = 0xFFFF;
    for (uint8_t i = 0; i < length; i++) {
        uint8_t x = (uint8_t)(crc >> 8) ^ bytes[i];
        x ^= x >> 4;
        crc = (uint16_t)((crc << 8) ^ ((uint16_t)x << 12) ^ ((uint16_t)x << 5) ^ x);
    }
    return crc;
}

void frame_reset(struct frame_decoder *decoder) {
    decoder->length = 0;
    decoder->run_left = 0;
    decoder->started = false;
    decoder->broken = false;
}

void frame_spoil(struct frame_decoder *decoder) {
    decoder->started = true;
    decoder->broken = true;
}

static void append(struct frame_decoder *decoder, uint8_t byte) {
    if (decoder->length == NF_MAX_MESSAGE) {
        decoder->broken = true;
    } else {
        decoder->message[decoder->length++] = byte;
    }
}

static enum frame_status finish(struct frame_decoder *decoder) {
    const bool started = decoder->started;
    const bool whole = !decoder->broken && decoder->run_left == 0 && decoder->length >= HEADER_BYTES + CRC_BYTES;
    const uint8_t length = whole ? (uint8_t)(decoder->length - CRC_BYTES) : 0;
    frame_reset(decoder);
    if (!started) return FRAME_PENDING; /* zeros between frames */
    if (!whole) return FRAME_BAD;
    const uint8_t *message = decoder->message;
    const uint16_t crc = (uint16_t)(message[length] | (uint16_t)message[length + 1] << 8);
    if (frame_crc(message, length) != crc) return FRAME_BAD;
    decoder->length = length;
    return FRAME_READY;
}

enum frame_status frame_feed(struct frame_decoder *decoder, uint8_t byte) {
    if (byte == 0) return finish(decoder);
    if (!decoder->started) decoder->length = 0; /* a message handed out before ends here */
    if (decoder->run_left > 0) {
        decoder->run_left--;
        append(decoder, byte);
        return FRAME_PENDING;
    }
    /* A code byte. Messages are far below 254 bytes, so every run ends at a zero of the message. */
    if (decoder->started) append(decoder, 0);
    decoder->started = true;
    decoder->run_left = (uint8_t)(byte - 1);
    return FRAME_PENDING;
}

uint8_t frame_encode(uint8_t *message, uint8_t length, uint8_t frame[NF_MAX_FRAME]) {
    const uint16_t crc = frame_crc(message, length);
    message[length++] = (uint8_t)crc;
    message[length++] = (uint8_t)(crc >> 8);
    uint8_t code_at = 0;
    uint8_t end = 1;
    for (uint8_t i = 0; i < length; i++) {
        if (message[i] == 0) {
            frame[code_at] = (uint8_t)(end - code_at);
            code_at = end++;
        } else {
            frame[end++] = message[i];
        }
    }
    frame[code_at] = (uint8_t)(end - code_at);
    frame[end++] = 0;
    return end;
}
