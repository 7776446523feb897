#include "board.h"

#include "commands.h"
#include "hal.h"
#include "link.h"
#include "registers.h"
#include "trigger.h"

void board_init(void) {
    registers_init();
    commands_init();
    hal_load_board_id(registers.board_id.id.bytes);
    registers.boot_id.id = hal_next_boot_id();
    trigger_init();
    link_init();
    const struct nf_event_booted booted = {
        .boot_id = registers.boot_id.id,
        .protocol_major = NF_PROTOCOL_MAJOR,
        .protocol_minor = NF_PROTOCOL_MINOR,
        .reset_cause = hal_reset_cause(),
    };
    link_event(NF_EVENT_BOOTED, &booted, sizeof booted);
}

void board_poll(void) {
    link_poll();
    trigger_poll();
    if (command_reset_wanted() && hal_tx_idle()) hal_reset();
}
