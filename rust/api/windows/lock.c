// SPDX-License-Identifier: GPL-2.0
/*
 * IRQLs and spin locks.
 *
 * A Windows spin lock is taken at DISPATCH_LEVEL, where no DPC interrupts: that is
 * a spinlock_t with bottom halves off. On PREEMPT_RT it sleeps, and what Windows
 * allows under it, memory being asked for among it, can be done.
 */

#include <linux/bottom_half.h>
#include <linux/hardirq.h>
#include <linux/irqflags.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/spinlock.h>

#include "runtime.h"

static_assert(sizeof(spinlock_t) <= sizeof(KSPIN_LOCK));
static_assert(__alignof__(spinlock_t) <= __alignof__(KSPIN_LOCK));
static_assert(sizeof(struct lock_class_key) <= 2 * sizeof(ULONG_PTR));

static spinlock_t *linux_lock(PKSPIN_LOCK lock)
{
	return (spinlock_t *)lock->PtaReserved;
}

/*
 * Interrupt service routines have interrupts off, also in the interrupt thread of
 * PREEMPT_RT. Whoever holds a lock of Linux' is not in softirq context, but must not
 * sleep either.
 */
KIRQL pta_win_irql(void)
{
	if (in_hardirq() || irqs_disabled())
		return PTA_WIN_DIRQL;
	if (in_softirq() || preempt_count())
		return DISPATCH_LEVEL;
	return PASSIVE_LEVEL;
}
EXPORT_SYMBOL_NS_GPL(pta_win_irql, "PARPORT_TRY_ALLOC");

KIRQL pta_win_raise_irql(KIRQL irql)
{
	KIRQL old = pta_win_irql();

	if (irql >= DISPATCH_LEVEL && old < DISPATCH_LEVEL)
		local_bh_disable();
	if (irql > DISPATCH_LEVEL && old <= DISPATCH_LEVEL)
		local_irq_disable();
	return old;
}
EXPORT_SYMBOL_NS_GPL(pta_win_raise_irql, "PARPORT_TRY_ALLOC");

void pta_win_lower_irql(KIRQL irql)
{
	if (irql <= DISPATCH_LEVEL && irqs_disabled())
		local_irq_enable();
	if (irql < DISPATCH_LEVEL && in_softirq())
		local_bh_enable();
}
EXPORT_SYMBOL_NS_GPL(pta_win_lower_irql, "PARPORT_TRY_ALLOC");

void pta_win_init_lock(PKSPIN_LOCK lock, PVOID class)
{
	spin_lock_init(linux_lock(lock));
	lockdep_set_class_and_name(linux_lock(lock),
				   (struct lock_class_key *)class, "KSPIN_LOCK");
}
EXPORT_SYMBOL_NS_GPL(pta_win_init_lock, "PARPORT_TRY_ALLOC");

KIRQL pta_win_lock(PKSPIN_LOCK lock)
{
	KIRQL irql = pta_win_irql();

	spin_lock_bh(linux_lock(lock));
	return irql;
}
EXPORT_SYMBOL_NS_GPL(pta_win_lock, "PARPORT_TRY_ALLOC");

/* Bottom halves come back on with the last lock, whatever IRQL is asked for. */
void pta_win_unlock(PKSPIN_LOCK lock, KIRQL irql)
{
	spin_unlock_bh(linux_lock(lock));
}
EXPORT_SYMBOL_NS_GPL(pta_win_unlock, "PARPORT_TRY_ALLOC");

void pta_win_lock_at_dpc(PKSPIN_LOCK lock)
{
	spin_lock(linux_lock(lock));
}
EXPORT_SYMBOL_NS_GPL(pta_win_lock_at_dpc, "PARPORT_TRY_ALLOC");

void pta_win_unlock_at_dpc(PKSPIN_LOCK lock)
{
	spin_unlock(linux_lock(lock));
}
EXPORT_SYMBOL_NS_GPL(pta_win_unlock_at_dpc, "PARPORT_TRY_ALLOC");
