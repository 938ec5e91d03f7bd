// SPDX-License-Identifier: GPL-2.0
/*
 * Deferred procedure calls: one queue, served in softirq context by a work item of
 * the kernel's BH workqueue, one DPC after the other.
 *
 * The work item is the module's and not part of a DPC, so nothing touches a DPC's
 * memory once it was taken out of the queue. Only its routine may still be running.
 */

#include <linux/completion.h>
#include <linux/export.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "runtime.h"

static void serve(struct work_struct *work);

static DEFINE_RAW_SPINLOCK(queue_lock);
static LIST_ENTRY queue = { &queue, &queue };
static PKDPC running;
static DECLARE_WORK(server, serve);

/* Takes the next DPC out of the queue and calls it. */
static bool serve_one(void)
{
	PVOID context, argument1, argument2;
	PKDEFERRED_ROUTINE routine;
	PKDPC dpc = NULL;

	scoped_guard(raw_spinlock_irqsave, &queue_lock) {
		if (!IsListEmpty(&queue)) {
			dpc = CONTAINING_RECORD(RemoveHeadList(&queue), KDPC,
						DpcListEntry);
			dpc->Queued = FALSE;
			routine = dpc->DeferredRoutine;
			context = dpc->DeferredContext;
			argument1 = dpc->SystemArgument1;
			argument2 = dpc->SystemArgument2;
		}
		running = dpc;
	}
	if (!dpc)
		return false;
	routine(dpc, context, argument1, argument2);
	return true;
}

static void serve(struct work_struct *work)
{
	/* Those that queue themselves again and again let others run, too. */
	for (int i = 0; i < 16; i++)
		if (!serve_one())
			return;
	queue_work(system_bh_wq, work);
}

void pta_win_init_dpc(PKDPC dpc, PKDEFERRED_ROUTINE routine, PVOID context)
{
	dpc->DeferredRoutine = routine;
	dpc->DeferredContext = context;
	dpc->Queued = FALSE;
}
EXPORT_SYMBOL_NS_GPL(pta_win_init_dpc, "PARPORT_TRY_ALLOC");

BOOLEAN pta_win_queue_dpc(PKDPC dpc, PVOID argument1, PVOID argument2)
{
	guard(raw_spinlock_irqsave)(&queue_lock);
	if (dpc->Queued)
		return FALSE;
	dpc->Queued = TRUE;
	dpc->SystemArgument1 = argument1;
	dpc->SystemArgument2 = argument2;
	InsertTailList(&queue, &dpc->DpcListEntry);
	queue_work(system_bh_wq, &server);
	return TRUE;
}
EXPORT_SYMBOL_NS_GPL(pta_win_queue_dpc, "PARPORT_TRY_ALLOC");

/*
 * In Windows the routine may still be running when this returns. A thread waits for
 * it here: drivers free the DPC's memory then, or leave.
 */
BOOLEAN pta_win_remove_dpc(PKDPC dpc)
{
	BOOLEAN was_queued;
	bool is_running;

	scoped_guard(raw_spinlock_irqsave, &queue_lock) {
		was_queued = dpc->Queued;
		if (was_queued)
			RemoveEntryList(&dpc->DpcListEntry);
		dpc->Queued = FALSE;
		is_running = running == dpc;
	}
	if (is_running && pta_win_irql() == PASSIVE_LEVEL)
		flush_work(&server);
	return was_queued;
}
EXPORT_SYMBOL_NS_GPL(pta_win_remove_dpc, "PARPORT_TRY_ALLOC");

static VOID reached(PKDPC dpc, PVOID done, PVOID argument1, PVOID argument2)
{
	complete(done);
}

/*
 * What is in the queue now was called when a DPC behind it is. Flushing the work item
 * would not wait for those that it leaves to its next turn.
 */
void pta_win_flush_dpcs(void)
{
	DECLARE_COMPLETION_ONSTACK(done);
	KDPC last;

	pta_win_init_dpc(&last, reached, &done);
	pta_win_queue_dpc(&last, NULL, NULL);
	wait_for_completion(&done);
}
EXPORT_SYMBOL_NS_GPL(pta_win_flush_dpcs, "PARPORT_TRY_ALLOC");

void pta_win_stop(void)
{
	pta_win_flush_dpcs();
	/* It may have one more turn, with nothing to do. */
	cancel_work_sync(&server);
}
