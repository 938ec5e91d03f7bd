// SPDX-License-Identifier: GPL-2.0
/*
 * Objects that can be waited for: events, semaphores, and timers, which timer.c
 * adds to.
 *
 * The state of all of them is under one lock, the objects lock, as it was under the
 * dispatcher lock of Windows. An object is the driver's memory, and is often on the
 * stack of the one who waits for it: he takes the lock after he was woken, and by
 * then whoever signalled it does not touch it any more.
 *
 * Those who wait are in a list of their own and not in a wait queue of the kernel,
 * so that what is satisfied by a wait, the one event or the one count, is settled
 * when it is signalled.
 */

#include <linux/hrtimer.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>

#include "runtime.h"

struct waiter {
	LIST_ENTRY entry;
	struct task_struct *task;
	bool satisfied;
};

static DEFINE_RAW_SPINLOCK(objects_lock);

unsigned long pta_win_lock_objects(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&objects_lock, flags);
	return flags;
}

void pta_win_unlock_objects(unsigned long flags)
{
	raw_spin_unlock_irqrestore(&objects_lock, flags);
}

void pta_win_init_object(DISPATCHER_HEADER *object, UCHAR type, LONG state)
{
	object->Type = type;
	object->SignalState = state;
	InitializeListHead(&object->WaitListHead);
}

/* Somebody who waits got what he waits for. */
static void satisfy(DISPATCHER_HEADER *object)
{
	switch (object->Type) {
	case PTA_WIN_EVENT_SYNCHRONIZATION:
	case PTA_WIN_TIMER_SYNCHRONIZATION:
		object->SignalState = 0;
		break;
	case PTA_WIN_SEMAPHORE:
		object->SignalState--;
		break;
	}
}

/* Under the objects lock. Returns what the state was. */
LONG pta_win_signal(DISPATCHER_HEADER *object, LONG count)
{
	LONG before = object->SignalState;

	object->SignalState = count;
	while (object->SignalState > 0 && !IsListEmpty(&object->WaitListHead)) {
		struct waiter *waiter =
			CONTAINING_RECORD(RemoveHeadList(&object->WaitListHead),
					  struct waiter, entry);

		satisfy(object);
		WRITE_ONCE(waiter->satisfied, true);
		wake_up_process(waiter->task);
	}
	return before;
}

/*
 * Sleeps until the waiter is satisfied, the time is over, or the task is to do
 * something else. A task that is killed but has to wait takes back what it asked
 * for: what it waits for is most often the end of that.
 */
static NTSTATUS sleep(struct waiter *waiter, unsigned int state,
		      NTSTATUS alerted, ktime_t *expires)
{
	NTSTATUS status = STATUS_SUCCESS;

	for (;;) {
		set_current_state(state | TASK_FREEZABLE);
		if (READ_ONCE(waiter->satisfied))
			break;
		if (signal_pending_state(state, current)) {
			status = alerted;
			if (alerted)
				break;
			__set_current_state(TASK_RUNNING);
			pta_win_cancel_own_irps();
			state = TASK_UNINTERRUPTIBLE;
			continue;
		}
		if (!schedule_hrtimeout(expires, HRTIMER_MODE_ABS)) {
			status = STATUS_TIMEOUT;
			break;
		}
	}
	__set_current_state(TASK_RUNNING);
	return status;
}

NTSTATUS pta_win_wait(PVOID what, KPROCESSOR_MODE mode, BOOLEAN alertable,
		      PLARGE_INTEGER timeout)
{
	DISPATCHER_HEADER *object = what;
	struct waiter waiter = { .task = current };
	unsigned int state = TASK_KILLABLE;
	NTSTATUS status, alerted = 0;
	ktime_t expires = KTIME_MAX;
	unsigned long flags;

	if (timeout && timeout->QuadPart)
		expires = pta_win_expiry(timeout->QuadPart);
	if (mode == UserMode)
		alerted = STATUS_USER_APC;
	else if (alertable)
		alerted = STATUS_ALERTED;
	if (mode == UserMode && alertable)
		state = TASK_INTERRUPTIBLE;

	flags = pta_win_lock_objects();
	if (object->SignalState > 0) {
		satisfy(object);
		pta_win_unlock_objects(flags);
		return STATUS_SUCCESS;
	}
	if (timeout && !timeout->QuadPart) {
		pta_win_unlock_objects(flags);
		return STATUS_TIMEOUT;
	}
	InsertTailList(&object->WaitListHead, &waiter.entry);
	pta_win_unlock_objects(flags);

	status = sleep(&waiter, state, alerted, &expires);

	flags = pta_win_lock_objects();
	if (waiter.satisfied)
		status = STATUS_SUCCESS;
	else
		RemoveEntryList(&waiter.entry);
	pta_win_unlock_objects(flags);
	return status;
}
EXPORT_SYMBOL_NS_GPL(pta_win_wait, "PARPORT_TRY_ALLOC");

/* Whoever sees it signalled may free it: so whoever signals it has to be through. */
LONG pta_win_read_state(PVOID what)
{
	DISPATCHER_HEADER *object = what;
	unsigned long flags = pta_win_lock_objects();
	LONG state = object->SignalState;

	pta_win_unlock_objects(flags);
	return state;
}
EXPORT_SYMBOL_NS_GPL(pta_win_read_state, "PARPORT_TRY_ALLOC");

/* --- events ------------------------------------------------------------------ */

void pta_win_init_event(PKEVENT event, EVENT_TYPE type, BOOLEAN state)
{
	pta_win_init_object(&event->Header,
			    type == SynchronizationEvent ?
			    PTA_WIN_EVENT_SYNCHRONIZATION :
			    PTA_WIN_EVENT_NOTIFICATION, !!state);
}
EXPORT_SYMBOL_NS_GPL(pta_win_init_event, "PARPORT_TRY_ALLOC");

LONG pta_win_set_event(PKEVENT event)
{
	unsigned long flags = pta_win_lock_objects();
	LONG before = pta_win_signal(&event->Header, 1);

	pta_win_unlock_objects(flags);
	return before;
}
EXPORT_SYMBOL_NS_GPL(pta_win_set_event, "PARPORT_TRY_ALLOC");

LONG pta_win_reset_event(PKEVENT event)
{
	unsigned long flags = pta_win_lock_objects();
	LONG before = event->Header.SignalState;

	event->Header.SignalState = 0;
	pta_win_unlock_objects(flags);
	return before;
}
EXPORT_SYMBOL_NS_GPL(pta_win_reset_event, "PARPORT_TRY_ALLOC");

/* --- semaphores -------------------------------------------------------------- */

void pta_win_init_semaphore(PKSEMAPHORE semaphore, LONG count, LONG limit)
{
	pta_win_init_object(&semaphore->Header, PTA_WIN_SEMAPHORE, count);
	semaphore->Limit = limit;
}
EXPORT_SYMBOL_NS_GPL(pta_win_init_semaphore, "PARPORT_TRY_ALLOC");

/* Where Windows would raise an exception, nothing changes. */
LONG pta_win_release_semaphore(PKSEMAPHORE semaphore, LONG adjustment)
{
	unsigned long flags = pta_win_lock_objects();
	LONG before = semaphore->Header.SignalState;

	if (adjustment > 0 && adjustment <= semaphore->Limit - before)
		pta_win_signal(&semaphore->Header, before + adjustment);
	pta_win_unlock_objects(flags);
	return before;
}
EXPORT_SYMBOL_NS_GPL(pta_win_release_semaphore, "PARPORT_TRY_ALLOC");
