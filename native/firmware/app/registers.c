#include "registers.h"

#include <stddef.h>
#include <string.h>

#include "version.h"

struct register_file registers;

_Static_assert(sizeof(struct register_file) < 256, "offsets are kept in a byte");

#define X(NAME, name, address, access, size, reply_size)                                           \
    _Static_assert(sizeof(struct nf_reg_##name) == (size), "struct and wire size differ");
NF_REGISTERS(X)
#undef X

static const struct register_info table[] = {
#define X(NAME, name, address, access, size, reply_size)                                           \
    {address, access, size, offsetof(struct register_file, name)},
    NF_REGISTERS(X)
#undef X
};

struct limit {
    uint8_t address;
    uint8_t offset;
    uint8_t bytes;
    uint32_t least;
    uint32_t most;
};

static const struct limit limits[] = {
#define X(REGISTER, field, offset, bytes, least, most) {NF_REG_##REGISTER, offset, bytes, least, most},
    NF_LIMITS(X)
#undef X
};

void registers_init(void) {
    memset(&registers, 0, sizeof registers);
    registers.who_am_i.id = NF_DEFAULT_WHO_AM_I_ID;
    registers.protocol_version.major = NF_PROTOCOL_MAJOR;
    registers.protocol_version.minor = NF_PROTOCOL_MINOR;
    registers.firmware_version.major = FIRMWARE_MAJOR;
    registers.firmware_version.minor = FIRMWARE_MINOR;
    registers.firmware_version.patch = FIRMWARE_PATCH;
    registers.tick_hz.hz = NF_TICK_HZ;
    registers.host_timeout.ms = NF_DEFAULT_HOST_TIMEOUT_MS;
    registers.heartbeat.ms = NF_DEFAULT_HEARTBEAT_MS;
    registers.delay.near_ticks = NF_DEFAULT_DELAY_NEAR_TICKS;
    registers.delay.far_ticks = NF_DEFAULT_DELAY_FAR_TICKS;
    registers.pulse.ticks = NF_DEFAULT_PULSE_TICKS;
    registers.focus_lead.ms = NF_DEFAULT_FOCUS_LEAD_MS;
    registers.feedback_timeout.ms = NF_DEFAULT_FEEDBACK_TIMEOUT_MS;
    registers.feedback.mask = NF_DEFAULT_FEEDBACK_MASK;
    registers.strobe.enabled = NF_DEFAULT_STROBE_ENABLED;
    registers.strobe.ticks = NF_DEFAULT_STROBE_TICKS;
}

const struct register_info *register_at_index(uint8_t index) {
    return index < sizeof table / sizeof table[0] ? &table[index] : NULL;
}

const struct register_info *register_find(uint8_t address) {
    for (uint8_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].address == address) return &table[i];
    }
    return NULL;
}

uint8_t *register_value(const struct register_info *info) {
    return (uint8_t *)&registers + info->offset;
}

uint8_t register_check(const struct register_info *info, const uint8_t *value) {
    for (uint8_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        const struct limit *limit = &limits[i];
        if (limit->address != info->address) continue;
        uint32_t number = 0;
        for (uint8_t byte = limit->bytes; byte-- > 0;) number = number << 8 | value[limit->offset + byte];
        if (number < limit->least || number > limit->most) return NF_ERROR_CODE_OUT_OF_RANGE;
    }
    return 0;
}

void tick_store(nf_u48 *field, tick_t tick) {
    /* Chip and test machines are little-endian like the wire; shifts of 64 bits would cost the AVR 2,000 cycles. */
    memcpy(field->bytes, &tick, NF_TICK_BYTES);
}
