/* Frames in, exactly one reply each out; events, dump, heartbeat and the watch over the host. */
#ifndef NEARFAR_LINK_H
#define NEARFAR_LINK_H

#include <stdint.h>

void link_init(void);
void link_poll(void);

/* Sends an event, or drops and counts it when the link is backed up. */
void link_event(uint8_t address, const void *value, uint8_t size);

#endif
