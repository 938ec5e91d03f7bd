/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the parts of the Windows runtime know of each other. Included after what is
 * needed of <linux/...>.
 */
#ifndef _PTA_WINDOWS_RUNTIME_H
#define _PTA_WINDOWS_RUNTIME_H

#include <linux/export.h>
#include <linux/gfp_types.h>
#include <linux/ktime.h>
#include <linux/types.h>

#include "windows.h"

/* Windows counts time in units of 100 ns. */
#define PTA_WIN_UNIT_NS		100

/* The types of the objects that can be waited for, as Windows numbers them */
enum pta_win_object_type {
	PTA_WIN_EVENT_NOTIFICATION = 0,
	PTA_WIN_EVENT_SYNCHRONIZATION = 1,
	PTA_WIN_SEMAPHORE = 5,
	PTA_WIN_TIMER_NOTIFICATION = 8,
	PTA_WIN_TIMER_SYNCHRONIZATION = 9,
};

/* The IRQL of whatever runs with interrupts off */
#define PTA_WIN_DIRQL		5

/* What memory may be asked for here */
gfp_t pta_win_gfp(void);

/* The time of the monotonic clock at which a Windows time or timeout is over */
ktime_t pta_win_expiry(LONGLONG time);

/* The state of all objects that can be waited for is under one lock. */
unsigned long pta_win_lock_objects(void);
void pta_win_unlock_objects(unsigned long flags);
void pta_win_init_object(DISPATCHER_HEADER *object, UCHAR type, LONG state);
LONG pta_win_signal(DISPATCHER_HEADER *object, LONG count);

/* Cancels the IRPs that this process, all of its threads, has under way. */
void pta_win_cancel_own_irps(void);

#endif /* _PTA_WINDOWS_RUNTIME_H */
