#ifndef NEARFAR_UART_H
#define NEARFAR_UART_H

void uart_init(void);

#endif
