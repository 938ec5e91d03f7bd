// SPDX-License-Identifier: GPL-2.0
/*
 * Spin locks and IRQLs.
 */
#include <wdm.h>

#include "harness.h"

static KSPIN_LOCK lock, inner;
static KIRQL irql_there;

static void note_irql(void *context)
{
	irql_there = KeGetCurrentIrql();
}

const char *irqls(void)
{
	KIRQL old, old_inner, under, under_both, after_inner, raised, at_dpc;

	KeInitializeSpinLock(&lock);
	KeInitializeSpinLock(&inner);
	CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);

	KeAcquireSpinLock(&lock, &old);
	under = KeGetCurrentIrql();
	KeAcquireSpinLock(&inner, &old_inner);
	under_both = KeGetCurrentIrql();
	KeReleaseSpinLock(&inner, old_inner);
	after_inner = KeGetCurrentIrql();
	KeReleaseSpinLock(&lock, old);
	CHECK(old == PASSIVE_LEVEL && old_inner == DISPATCH_LEVEL);
	CHECK(under == DISPATCH_LEVEL && under_both == DISPATCH_LEVEL);
	CHECK(after_inner == DISPATCH_LEVEL);
	CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);

	KeRaiseIrql(DISPATCH_LEVEL, &old);
	raised = KeGetCurrentIrql();
	KeAcquireSpinLockAtDpcLevel(&lock);
	at_dpc = KeGetCurrentIrql();
	KeReleaseSpinLockFromDpcLevel(&lock);
	KeLowerIrql(old);
	CHECK(old == PASSIVE_LEVEL);
	CHECK(raised == DISPATCH_LEVEL && at_dpc == DISPATCH_LEVEL);
	CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);

	KeRaiseIrql(HIGH_LEVEL, &old);
	raised = KeGetCurrentIrql();
	KeLowerIrql(old);
	CHECK(raised > DISPATCH_LEVEL);
	CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);

	harness_in_hardirq(note_irql, NULL);
	CHECK(irql_there > DISPATCH_LEVEL);
	return NULL;
}

const char *irql_in_isr(void)
{
	irql_there = PASSIVE_LEVEL;
	CHECK(harness_in_isr(note_irql, NULL) == 0);
	CHECK(irql_there > DISPATCH_LEVEL && irql_there < CLOCK_LEVEL);
	return NULL;
}

/* --- who is under the lock ------------------------------------------------------------- */

#define ROUNDS	3000

static volatile LONG inside, overlaps;
static LONG dpc_rounds;
static KDPC dpc;

/* One at a time comes out of here without seeing the other. */
static void work_inside(void)
{
	if (InterlockedIncrement(&inside) != 1)
		InterlockedIncrement(&overlaps);
	KeStallExecutionProcessor(5);
	InterlockedDecrement(&inside);
}

static VOID dpc_takes_lock(PKDPC this, PVOID context, PVOID argument1, PVOID argument2)
{
	KeAcquireSpinLockAtDpcLevel(&lock);
	work_inside();
	KeReleaseSpinLockFromDpcLevel(&lock);
	dpc_rounds++;
}

static void thread_takes_lock(void *context)
{
	for (int i = 0; i < ROUNDS; i++) {
		KIRQL irql;

		KeAcquireSpinLock(&lock, &irql);
		work_inside();
		KeInsertQueueDpc(&dpc, NULL, NULL);
		KeReleaseSpinLock(&lock, irql);
	}
}

const char *lock_excludes_dpc(void)
{
	void *thread;

	KeInitializeSpinLock(&lock);
	KeInitializeDpc(&dpc, dpc_takes_lock, NULL);
	inside = 0;
	overlaps = 0;
	dpc_rounds = 0;
	thread = harness_start(thread_takes_lock, NULL);
	CHECK(thread);
	thread_takes_lock(NULL);
	harness_join(thread);
	KeFlushQueuedDpcs();
	CHECK(dpc_rounds > 0);
	CHECK(!overlaps);
	return NULL;
}

/* What Windows allows at DISPATCH_LEVEL, with a lock held */
const char *pool_under_lock(void)
{
	KEVENT event;
	PVOID pool;
	KIRQL irql;
	PIRP irp;

	KeInitializeSpinLock(&lock);
	KeInitializeEvent(&event, NotificationEvent, FALSE);
	KeInitializeDpc(&dpc, dpc_takes_lock, NULL);
	KeAcquireSpinLock(&lock, &irql);
	pool = ExAllocatePoolWithTag(NonPagedPool, 100, 'tseT');
	irp = IoAllocateIrp(1, FALSE);
	KeSetEvent(&event, IO_NO_INCREMENT, FALSE);
	if (pool)
		ExFreePool(pool);
	if (irp)
		IoFreeIrp(irp);
	KeInsertQueueDpc(&dpc, NULL, NULL);
	KeRemoveQueueDpc(&dpc);
	KeReleaseSpinLock(&lock, irql);
	KeFlushQueuedDpcs();
	CHECK(pool && irp);
	return NULL;
}

/* --- interlocked lists ------------------------------------------------------------------- */

#define ENTRIES	200

static LIST_ENTRY list, entries[2][ENTRIES];

static void insert_one(void *context)
{
	ExInterlockedInsertTailList(&list, context, &lock);
}

static void insert_from_hardirq(void *context)
{
	for (int i = 0; i < ENTRIES; i++)
		harness_in_hardirq(insert_one, &entries[0][i]);
}

const char *interlocked_lists(void)
{
	PLIST_ENTRY a = &entries[0][0], b = &entries[0][1];
	LONG count = 0;
	void *thread;

	KeInitializeSpinLock(&lock);
	InitializeListHead(&list);
	CHECK(!ExInterlockedRemoveHeadList(&list, &lock));
	CHECK(!ExInterlockedInsertTailList(&list, a, &lock));
	CHECK(ExInterlockedInsertHeadList(&list, b, &lock) == a);
	CHECK(ExInterlockedRemoveHeadList(&list, &lock) == b);
	CHECK(ExInterlockedInsertTailList(&list, b, &lock) == a);
	CHECK(ExInterlockedRemoveHeadList(&list, &lock) == a);
	CHECK(ExInterlockedRemoveHeadList(&list, &lock) == b);

	/* Beside an interrupt, and each entry comes out once */
	thread = harness_start(insert_from_hardirq, NULL);
	CHECK(thread);
	for (int i = 0; i < ENTRIES; i++)
		ExInterlockedInsertTailList(&list, &entries[1][i], &lock);
	for (int i = 0; i < ENTRIES / 2; i++)
		if (ExInterlockedRemoveHeadList(&list, &lock))
			count++;
	harness_join(thread);
	while (ExInterlockedRemoveHeadList(&list, &lock))
		count++;
	CHECK(count == 2 * ENTRIES);
	return NULL;
}
