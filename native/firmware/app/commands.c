#include "commands.h"

#include <string.h>

#include "hal.h"
#include "trigger.h"

static bool reset_wanted;
static struct nf_reply_fire fire_reply;

void commands_init(void) {
    reset_wanted = false;
}

bool command_reset_wanted(void) {
    return reset_wanted;
}

static uint8_t write_board_id(const uint8_t *value) {
    if (registers.state.state >= NF_STATE_ARMED) return NF_ERROR_CODE_WRONG_STATE;
    hal_store_board_id(value);
    hal_load_board_id(registers.board_id.id.bytes);
    return 0;
}

static uint8_t fire(const uint8_t *value, struct command_result *result) {
    struct nf_reg_fire request;
    memcpy(&request, value, sizeof request);
    uint32_t number = 0;
    const uint8_t error = trigger_fire(request.shot_id, &number);
    if (error != 0) return error;
    fire_reply.shot_id = request.shot_id;
    fire_reply.trigger_number = number;
    result->value = &fire_reply;
    result->size = sizeof fire_reply;
    return 0;
}

static uint8_t arm(const uint8_t *value) {
    struct nf_reg_arm request;
    memcpy(&request, value, sizeof request);
    return trigger_arm(request.shot_id, request.budget);
}

uint8_t command_write(const struct register_info *info, const uint8_t *value, struct command_result *result) {
    switch (info->address) {
        case NF_REG_BOARD_ID:
            return write_board_id(value);
        case NF_REG_ARM:
            return arm(value);
        case NF_REG_FIRE:
            return fire(value, result);
        case NF_REG_DISARM:
            trigger_disarm();
            break;
        case NF_REG_RESET:
            trigger_disarm();
            reset_wanted = true;
            break;
        default:
            break;
    }
    memcpy(register_value(info), value, info->size);
    if (info->address == NF_REG_STROBE) registers.strobe.ticks = hal_strobe_round(registers.strobe.ticks);
    return 0;
}
