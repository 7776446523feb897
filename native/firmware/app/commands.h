/* What writing each register does beyond keeping the value. */
#ifndef NEARFAR_COMMANDS_H
#define NEARFAR_COMMANDS_H

#include <stdint.h>

#include "registers.h"

struct command_result {
    const void *value; /* of the write reply */
    uint8_t size;
};

/*
 * Carries out a write whose length and limits were checked. `result` comes in as the register's own
 * value and is changed where the reply differs. Returns 0 or NF_ERROR_CODE_*.
 */
uint8_t command_write(const struct register_info *info, const uint8_t *value, struct command_result *result);

/* True once a reset was asked for; the reply leaves first. */
bool command_reset_wanted(void);

void commands_init(void);

#endif
