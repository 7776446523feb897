/* The register file: one packed struct per register of trigger.yml and the rules it states. */
#ifndef NEARFAR_REGISTERS_H
#define NEARFAR_REGISTERS_H

#include <stdint.h>

#include "../generated/protocol.h"
#include "hal.h"

struct register_file {
#define X(NAME, name, address, access, size, reply_size) struct nf_reg_##name name;
    NF_REGISTERS(X)
#undef X
};

struct register_info {
    uint8_t address;
    uint8_t access; /* NF_READ | NF_WRITE */
    uint8_t size;
    uint8_t offset; /* in struct register_file */
};

extern struct register_file registers;

/* Constants and defaults; the rest is zero. */
void registers_init(void);

/* NULL past the end: `for (i = 0; (info = register_at_index(i)) != NULL; i++)`. */
const struct register_info *register_at_index(uint8_t index);
/* NULL: no such register. */
const struct register_info *register_find(uint8_t address);

uint8_t *register_value(const struct register_info *info);

/* 0 or NF_ERROR_CODE_OUT_OF_RANGE, by the limits of trigger.yml. */
uint8_t register_check(const struct register_info *info, const uint8_t *value);

/* The low 48 bits. */
void tick_store(nf_u48 *field, tick_t tick);

#endif
