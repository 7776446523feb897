#ifndef NEARFAR_FEEDBACK_H
#define NEARFAR_FEEDBACK_H

void feedback_init(void);

#endif
