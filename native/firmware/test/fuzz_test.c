#include <string.h>

#include "../app/frame.h"
#include "host.h"
#include "tests.h"

enum { FUZZ_BYTES = 1000000, CHUNK = 64 };

static uint32_t random_state = 0x2545F491;

static uint32_t random_u32(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state;
}

/* A request that would fire if it came through whole, damaged: cut short, a bit flipped, or both glued together. */
static unsigned damaged_fire(uint8_t *bytes) {
    const uint32_t shot_id = 5;
    uint8_t message[NF_MAX_MESSAGE] = {NF_KIND_WRITE, (uint8_t)random_u32(), NF_REG_FIRE};
    memcpy(message + 3, &shot_id, sizeof shot_id);
    unsigned size = frame_encode(message, 7, bytes);
    if (random_u32() % 2 == 0) {
        size -= 2 + random_u32() % (size - 3); /* more than the closing zero */
        bytes[size++] = 0;
    } else {
        /* Not in the closing zero: without it this frame would only be late. */
        const unsigned bit = random_u32() % ((size - 1) * 8);
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    return size;
}

static unsigned noise(uint8_t *bytes) {
    const unsigned size = 1 + random_u32() % CHUNK;
    for (unsigned i = 0; i < size; i++) bytes[i] = (uint8_t)random_u32();
    return size;
}

void fuzz_tests(void) {
    host_boot();
    uint8_t bytes[CHUNK + NF_MAX_FRAME];
    static const uint8_t delimiter = 0;
    for (unsigned sent = 0; sent < FUZZ_BYTES;) {
        host_send_raw(&delimiter, 1);
        host_arm(5, 1000);
        const unsigned size = random_u32() % 2 == 0 ? noise(bytes) : damaged_fire(bytes);
        host_send_raw(bytes, size);
        sent += size;
        if (random_u32() % 16 == 0) host_run_ms(1);
        host_forget_events();
    }
    CHECK(fake.fires == 0);
    host_send_raw(&delimiter, 1);
    CHECK(host_read(NF_REG_WHO_AM_I).kind == NF_KIND_READ_REPLY);
    host_arm(5, 1);
    CHECK(host_fire(5).kind == NF_KIND_WRITE_REPLY && fake.fires == 1);
}
