#ifndef NEARFAR_LINES_H
#define NEARFAR_LINES_H

void lines_init(void);

#endif
