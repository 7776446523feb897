/* The pins of trigger.yml as registers; every output but the two compare outputs is on PORTD. */
#ifndef NEARFAR_PINS_H
#define NEARFAR_PINS_H

#include <avr/io.h>

#include "../generated/protocol.h"

#define TRIGGER_MASK (_BV(NF_PIN_NEAR_TRIGGER_BIT) | _BV(NF_PIN_FAR_TRIGGER_BIT))
#define FOCUS_MASK (_BV(NF_PIN_NEAR_FOCUS_BIT) | _BV(NF_PIN_FAR_FOCUS_BIT))
#define STROBE_MASK _BV(NF_PIN_STROBE_BIT)

_Static_assert(NF_PIN_NEAR_TRIGGER_PORT == 'B' && NF_PIN_NEAR_TRIGGER_BIT == PB1, "OC1A");
_Static_assert(NF_PIN_FAR_TRIGGER_PORT == 'B' && NF_PIN_FAR_TRIGGER_BIT == PB2, "OC1B");
_Static_assert(NF_PIN_NEAR_FEEDBACK_PORT == 'D' && NF_PIN_NEAR_FEEDBACK_BIT == PD2, "INT0");
_Static_assert(NF_PIN_FAR_FEEDBACK_PORT == 'D' && NF_PIN_FAR_FEEDBACK_BIT == PD3, "INT1");
_Static_assert(NF_PIN_STROBE_PORT == 'D' && NF_PIN_STROBE_BIT == PD6, "OC0A");

#endif
