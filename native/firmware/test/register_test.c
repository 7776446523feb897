#include "../app/registers.h"

#include <stddef.h>
#include <string.h>

#include "host.h"
#include "tests.h"

static bool is_error(struct message reply, uint8_t code) {
    return reply.kind == NF_KIND_ERROR && reply.size == 1 && reply.value[0] == code;
}

static void access_and_length(void) {
    const uint8_t zeros[NF_MAX_PAYLOAD] = {0};
    const struct register_info *info;
    for (uint8_t i = 0; (info = register_at_index(i)) != NULL; i++) {
        host_boot();
        const struct message read = host_read(info->address);
        if (info->access & NF_READ) {
            CHECK(read.kind == NF_KIND_READ_REPLY && read.size == info->size);
        } else {
            CHECK(is_error(read, NF_ERROR_CODE_WRITE_ONLY));
        }
        const uint8_t refusal = info->access & NF_WRITE ? NF_ERROR_CODE_WRONG_LENGTH : NF_ERROR_CODE_READ_ONLY;
        CHECK(is_error(host_write(info->address, zeros, info->size + 1U), refusal));
        CHECK(is_error(host_write(info->address, zeros, info->size - 1U), refusal));
        CHECK(host_state() == NF_STATE_SAFE); /* no refused write wakes the board */
    }
}

static void limits(void) {
#define X(REGISTER, field, offset, bytes, least, most) {NF_REG_##REGISTER, offset, bytes, least, most},
    static const struct {
        uint8_t address, offset, bytes;
        uint32_t least, most;
    } list[] = {NF_LIMITS(X)};
#undef X
    for (unsigned i = 0; i < sizeof list / sizeof list[0]; i++) {
        if (list[i].address == NF_REG_RESET || list[i].address == NF_REG_ARM) continue; /* see request_test.c */
        const struct register_info *info = register_find(list[i].address);
        for (int side = 0; side < 2; side++) {
            host_boot();
            uint8_t value[NF_MAX_PAYLOAD];
            memcpy(value, register_value(info), info->size);
            const uint32_t inside = side == 0 ? list[i].least : list[i].most;
            const uint32_t outside = side == 0 ? list[i].least - 1 : list[i].most + 1;
            memcpy(value + list[i].offset, &inside, list[i].bytes);
            CHECK(host_write(list[i].address, value, info->size).kind == NF_KIND_WRITE_REPLY);
            const uint32_t field_most = list[i].bytes == 4 ? UINT32_MAX : (1UL << 8 * list[i].bytes) - 1;
            if (outside > field_most) continue;
            memcpy(value + list[i].offset, &outside, list[i].bytes);
            CHECK(is_error(host_write(list[i].address, value, info->size), NF_ERROR_CODE_OUT_OF_RANGE));
        }
    }
}

static void identity_and_defaults(void) {
    host_boot();
    const struct message id = host_read(NF_REG_WHO_AM_I);
    CHECK(id.value[0] == 0x46 && id.value[1] == 0x4E);
    const struct nf_reg_pulse pulse = {NF_DEFAULT_PULSE_TICKS};
    CHECK(memcmp(host_read(NF_REG_PULSE).value, &pulse, sizeof pulse) == 0);
    struct nf_reg_tick tick;
    fake.now = 0x123456789ABC;
    memcpy(&tick, host_read(NF_REG_TICK).value, sizeof tick);
    CHECK(tick_of(&tick.tick) == 0x123456789ABC);
}

static void write_replies_tell_what_holds(void) {
    host_boot();
    const struct nf_reg_strobe strobe = {1, 1000};
    const struct message reply = host_write(NF_REG_STROBE, &strobe, sizeof strobe);
    const struct nf_reg_strobe held = {1, 960};
    CHECK(reply.size == sizeof held && memcmp(reply.value, &held, sizeof held) == 0);
    CHECK(memcmp(host_read(NF_REG_STROBE).value, &held, sizeof held) == 0);
}

static void unknown_things(void) {
    host_boot();
    CHECK(is_error(host_read(0x7F), NF_ERROR_CODE_UNKNOWN_REGISTER));
    CHECK(is_error(host_write(0x7F, NULL, 0), NF_ERROR_CODE_UNKNOWN_REGISTER));
    CHECK(is_error(host_request(0x33, NF_REG_STATE, NULL, 0), NF_ERROR_CODE_UNKNOWN_KIND));
    CHECK(is_error(host_request(NF_KIND_READ, NF_REG_STATE, "x", 1), NF_ERROR_CODE_WRONG_LENGTH));
}

void register_tests(void) {
    access_and_length();
    limits();
    identity_and_defaults();
    write_replies_tell_what_holds();
    unknown_things();
}
