/* The trigger state machine: safe → idle → armed → firing, and one report per accepted fire. */
#ifndef NEARFAR_TRIGGER_H
#define NEARFAR_TRIGGER_H

#include <stdint.h>

void trigger_init(void);
/* Follows a trigger under way; call it often. */
void trigger_poll(void);

/* These answer 0 or NF_ERROR_CODE_*. */
uint8_t trigger_arm(uint32_t shot_id, uint16_t budget);
/* `number` gets the trigger's number, counted from 1 since boot. */
uint8_t trigger_fire(uint32_t shot_id, uint32_t *number);

/* Outputs off, budget gone, a trigger under way reported as far as it is known. */
void trigger_disarm(void);
/* A good write came: a safe board becomes idle. */
void trigger_wake(void);
/* NF_SAFE_CAUSE_BAD_FRAME or _HOST_SILENT: outputs off and budget gone; feedback of a shot that is out is still measured. */
void trigger_make_safe(uint8_t cause);

#endif
