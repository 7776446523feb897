/* The whole portable program: call board_init once and board_poll for ever. */
#ifndef NEARFAR_BOARD_H
#define NEARFAR_BOARD_H

void board_init(void);
void board_poll(void);

#endif
