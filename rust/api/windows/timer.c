// SPDX-License-Identifier: GPL-2.0
/*
 * Timers: an object that is signalled when the time has come, and a DPC that is
 * queued then.
 *
 * They expire in hard interrupt context, on PREEMPT_RT too, where nothing but raw
 * locks is taken: so a timer can be cancelled wherever Windows allows it.
 */

#include <linux/container_of.h>
#include <linux/hrtimer.h>
#include <linux/sched/task_stack.h>

#include "runtime.h"

static_assert(sizeof(struct hrtimer) <= sizeof_field(KTIMER, PtaReserved));
static_assert(__alignof__(struct hrtimer) <= __alignof__(KTIMER));

static struct hrtimer *clock_of(PKTIMER timer)
{
	return (struct hrtimer *)timer->PtaReserved;
}

static enum hrtimer_restart expire(struct hrtimer *clock)
{
	PKTIMER timer = container_of((void *)clock, KTIMER, PtaReserved);
	unsigned long flags = pta_win_lock_objects();
	LONG period = timer->Period;

	/* Set again while this waited for the lock: that is for later. */
	if (hrtimer_is_queued(clock)) {
		pta_win_unlock_objects(flags);
		return HRTIMER_NORESTART;
	}

	/*
	 * A one-shot timer may be gone when the lock is: hrtimers look no more at
	 * one that is not restarted.
	 */
	if (period)
		hrtimer_forward_now(clock, ms_to_ktime(period));
	if (timer->Dpc)
		pta_win_queue_dpc(timer->Dpc, NULL, NULL);
	pta_win_signal(&timer->Header, 1);
	pta_win_unlock_objects(flags);

	return period ? HRTIMER_RESTART : HRTIMER_NORESTART;
}

void pta_win_init_timer(PKTIMER timer, TIMER_TYPE type)
{
	struct hrtimer *clock = clock_of(timer);

	pta_win_init_object(&timer->Header,
			    type == SynchronizationTimer ?
			    PTA_WIN_TIMER_SYNCHRONIZATION :
			    PTA_WIN_TIMER_NOTIFICATION, 0);
	timer->Dpc = NULL;
	timer->Period = 0;
	if (object_is_on_stack(timer))
		hrtimer_setup_on_stack(clock, expire, CLOCK_MONOTONIC,
				       HRTIMER_MODE_ABS_HARD);
	else
		hrtimer_setup(clock, expire, CLOCK_MONOTONIC,
			      HRTIMER_MODE_ABS_HARD);
}
EXPORT_SYMBOL_NS_GPL(pta_win_init_timer, "PARPORT_TRY_ALLOC");

BOOLEAN pta_win_set_timer(PKTIMER timer, LARGE_INTEGER due, LONG period, PKDPC dpc)
{
	struct hrtimer *clock = clock_of(timer);
	BOOLEAN was_set = hrtimer_cancel(clock) > 0;
	unsigned long flags = pta_win_lock_objects();

	timer->Header.SignalState = 0;
	timer->Dpc = dpc;
	timer->Period = period > 0 ? period : 0;
	hrtimer_start(clock, pta_win_expiry(due.QuadPart), HRTIMER_MODE_ABS_HARD);
	pta_win_unlock_objects(flags);
	return was_set;
}
EXPORT_SYMBOL_NS_GPL(pta_win_set_timer, "PARPORT_TRY_ALLOC");

/* When it returns, the timer is not about to expire, and its memory may go. */
BOOLEAN pta_win_cancel_timer(PKTIMER timer)
{
	return hrtimer_cancel(clock_of(timer)) > 0;
}
EXPORT_SYMBOL_NS_GPL(pta_win_cancel_timer, "PARPORT_TRY_ALLOC");
