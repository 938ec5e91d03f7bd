/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of this directory share: a parallel port in memory, for what
 * parport itself does wrong.
 */
#ifndef _UPSTREAM_H
#define _UPSTREAM_H

#include <linux/parport.h>

/* The control register when nobody has written to it */
#define CONTROL_AT_START (PARPORT_CONTROL_SELECT | PARPORT_CONTROL_INIT)

extern struct parport *port;

/* How many bytes the printer takes before it is busy, and how many it was given */
extern u32 printer_takes;
extern u32 printed;
/* It is off-line. */
extern bool printer_off;

int port_create(void);
void port_unplug(void);
void port_remove(void);

/*
 * Called while a device is given the port, between the change of owner and the end
 * of parport_claim().
 */
void on_restore(void);

#endif
