// SPDX-License-Identifier: GPL-2.0
/*
 * Interlocked lists, which may be used at any IRQL.
 *
 * The driver's own lock may be one that it also takes itself, at DISPATCH_LEVEL, and
 * cannot be taken by an interrupt service routine. So one lock of the module's is
 * inside it, and above DISPATCH_LEVEL that one is all there is: as in Windows, a
 * driver that goes there does not take the lock itself.
 */

#include <linux/spinlock.h>

#include "runtime.h"

static DEFINE_RAW_SPINLOCK(lists_lock);

static KIRQL lock_list(PKSPIN_LOCK lock, unsigned long *flags)
{
	KIRQL irql = pta_win_irql();

	if (irql <= DISPATCH_LEVEL)
		pta_win_lock(lock);
	raw_spin_lock_irqsave(&lists_lock, *flags);
	return irql;
}

static void unlock_list(PKSPIN_LOCK lock, KIRQL irql, unsigned long flags)
{
	raw_spin_unlock_irqrestore(&lists_lock, flags);
	if (irql <= DISPATCH_LEVEL)
		pta_win_unlock(lock, irql);
}

/* What was the first before, or NULL */
PLIST_ENTRY pta_win_insert_head(PLIST_ENTRY head, PLIST_ENTRY entry, PKSPIN_LOCK lock)
{
	unsigned long flags;
	KIRQL irql = lock_list(lock, &flags);
	PLIST_ENTRY first = IsListEmpty(head) ? NULL : head->Flink;

	InsertHeadList(head, entry);
	unlock_list(lock, irql, flags);
	return first;
}
EXPORT_SYMBOL_NS_GPL(pta_win_insert_head, "PARPORT_TRY_ALLOC");

/* What was the last before, or NULL */
PLIST_ENTRY pta_win_insert_tail(PLIST_ENTRY head, PLIST_ENTRY entry, PKSPIN_LOCK lock)
{
	unsigned long flags;
	KIRQL irql = lock_list(lock, &flags);
	PLIST_ENTRY last = IsListEmpty(head) ? NULL : head->Blink;

	InsertTailList(head, entry);
	unlock_list(lock, irql, flags);
	return last;
}
EXPORT_SYMBOL_NS_GPL(pta_win_insert_tail, "PARPORT_TRY_ALLOC");

/* NULL if there is nothing in it */
PLIST_ENTRY pta_win_remove_head(PLIST_ENTRY head, PKSPIN_LOCK lock)
{
	unsigned long flags;
	KIRQL irql = lock_list(lock, &flags);
	PLIST_ENTRY first = IsListEmpty(head) ? NULL : RemoveHeadList(head);

	unlock_list(lock, irql, flags);
	return first;
}
EXPORT_SYMBOL_NS_GPL(pta_win_remove_head, "PARPORT_TRY_ALLOC");
