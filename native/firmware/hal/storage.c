/* What the board remembers without power, at the offsets of trigger.yml. */
#include <avr/eeprom.h>

#include "../app/hal.h"
#include "../generated/protocol.h"

static void *place(uint16_t offset) {
    return (void *)offset;
}

void hal_load_board_id(uint8_t id[8]) {
    eeprom_read_block(id, place(NF_EEPROM_BOARD_ID), 8);
}

void hal_store_board_id(const uint8_t id[8]) {
    eeprom_update_block(id, place(NF_EEPROM_BOARD_ID), 8);
}

uint32_t hal_next_boot_id(void) {
    const uint32_t boots = eeprom_read_dword(place(NF_EEPROM_BOOT_COUNTER)) + 1;
    eeprom_update_dword(place(NF_EEPROM_BOOT_COUNTER), boots);
    return boots;
}
