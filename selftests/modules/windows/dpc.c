// SPDX-License-Identifier: GPL-2.0
/*
 * Deferred procedure calls.
 */
#include <wdm.h>

#include "harness.h"

static LONG calls;
static PVOID seen[3];
static KIRQL seen_irql;
static char order[4];

static VOID note(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
	seen[0] = context;
	seen[1] = argument1;
	seen[2] = argument2;
	seen_irql = KeGetCurrentIrql();
	InterlockedIncrement(&calls);
}

const char *dpc_arguments(void)
{
	KDPC dpc;

	calls = 0;
	KeInitializeDpc(&dpc, note, &dpc);
	CHECK(KeInsertQueueDpc(&dpc, order, &calls));
	KeFlushQueuedDpcs();
	CHECK(calls == 1);
	CHECK(seen[0] == &dpc && seen[1] == order && seen[2] == &calls);
	CHECK(seen_irql == DISPATCH_LEVEL);
	return NULL;
}

/*
 * At DISPATCH_LEVEL no DPC that was queued here gets through. On PREEMPT_RT one may,
 * and on another processor one that is served there: it is done again then.
 */
#define ROUNDS	1000

const char *dpc_inserted_twice(void)
{
	BOOLEAN first, second;
	int round = 0;
	KIRQL irql;
	KDPC dpc;

	do {
		CHECK(round++ < ROUNDS);
		calls = 0;
		KeInitializeDpc(&dpc, note, NULL);
		KeRaiseIrql(DISPATCH_LEVEL, &irql);
		first = KeInsertQueueDpc(&dpc, order, NULL);
		second = KeInsertQueueDpc(&dpc, NULL, order);
		KeLowerIrql(irql);
		KeFlushQueuedDpcs();
		CHECK(first);
	} while (second);
	CHECK(calls == 1);
	CHECK(seen[1] == order && !seen[2]);
	CHECK(KeInsertQueueDpc(&dpc, NULL, order));
	KeFlushQueuedDpcs();
	CHECK(calls == 2);
	CHECK(!seen[1] && seen[2] == order);
	return NULL;
}

const char *dpc_removed(void)
{
	BOOLEAN first, second;
	int round = 0;
	KIRQL irql;
	KDPC dpc;

	KeInitializeDpc(&dpc, note, NULL);
	CHECK(!KeRemoveQueueDpc(&dpc));
	do {
		CHECK(round++ < ROUNDS);
		calls = 0;
		KeInitializeDpc(&dpc, note, NULL);
		KeRaiseIrql(DISPATCH_LEVEL, &irql);
		KeInsertQueueDpc(&dpc, NULL, NULL);
		first = KeRemoveQueueDpc(&dpc);
		second = KeRemoveQueueDpc(&dpc);
		KeLowerIrql(irql);
		if (first)
			/* Nothing looks at it any more. */
			RtlFillMemory(&dpc, sizeof(dpc), 0xff);
		KeFlushQueuedDpcs();
		CHECK(!second);
		CHECK(calls == !first);
	} while (!first);
	return NULL;
}

static VOID note_order(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
	order[InterlockedIncrement(&calls) - 1] = *(char *)context;
}

const char *dpc_order(void)
{
	char a = 'a', b = 'b', c = 'c';
	KDPC first, second, third;
	BOOLEAN removed;
	int round = 0;
	KIRQL irql;

	KeInitializeDpc(&first, note_order, &a);
	KeInitializeDpc(&second, note_order, &b);
	KeInitializeDpc(&third, note_order, &c);
	do {
		CHECK(round++ < ROUNDS);
		calls = 0;
		KeRaiseIrql(DISPATCH_LEVEL, &irql);
		KeInsertQueueDpc(&first, NULL, NULL);
		KeInsertQueueDpc(&second, NULL, NULL);
		KeInsertQueueDpc(&third, NULL, NULL);
		removed = KeRemoveQueueDpc(&first);
		KeInsertQueueDpc(&first, NULL, NULL);
		KeLowerIrql(irql);
		KeFlushQueuedDpcs();
	} while (!removed);
	CHECK(calls == 3);
	CHECK(order[0] == 'b' && order[1] == 'c' && order[2] == 'a');
	return NULL;
}

#define TIMES	1000

static VOID again(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
	if (InterlockedIncrement(&calls) < TIMES)
		KeInsertQueueDpc(dpc, NULL, NULL);
	else
		KeSetEvent(context, IO_NO_INCREMENT, FALSE);
}

const char *dpc_inserts_itself(void)
{
	KEVENT done;
	KDPC dpc;

	calls = 0;
	KeInitializeEvent(&done, NotificationEvent, FALSE);
	KeInitializeDpc(&dpc, again, &done);
	KeInsertQueueDpc(&dpc, NULL, NULL);
	KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
	KeFlushQueuedDpcs();
	CHECK(calls == TIMES);
	return NULL;
}

/* --- interrupts --------------------------------------------------------------------- */

static KDPC from_interrupt;
static BOOLEAN inserted;
static KIRQL irql_of_insert;

static void insert(void *context)
{
	irql_of_insert = KeGetCurrentIrql();
	inserted = KeInsertQueueDpc(&from_interrupt, context, NULL);
}

static void prepare(void)
{
	calls = 0;
	inserted = FALSE;
	irql_of_insert = PASSIVE_LEVEL;
	KeInitializeDpc(&from_interrupt, note, NULL);
}

static const char *check_inserted(void)
{
	KeFlushQueuedDpcs();
	CHECK(inserted);
	CHECK(irql_of_insert > DISPATCH_LEVEL);
	CHECK(calls == 1);
	CHECK(seen[1] == order);
	CHECK(seen_irql == DISPATCH_LEVEL);
	return NULL;
}

const char *dpc_from_hardirq(void)
{
	prepare();
	harness_in_hardirq(insert, order);
	return check_inserted();
}

const char *dpc_from_isr(void)
{
	prepare();
	CHECK(harness_in_isr(insert, order) == 0);
	return check_inserted();
}

/* --- the end --------------------------------------------------------------------------- */

static LONG started, finished;

static VOID take_long(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
	InterlockedExchange(&started, 1);
	KeStallExecutionProcessor(20000);
	InterlockedExchange(&finished, 1);
}

/* So many, and each takes so long, that others have a turn before all were called */
static KDPC crowd[400];

static VOID take_a_while(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
	KeStallExecutionProcessor(500);
	InterlockedIncrement(&calls);
}

static void insert_crowd(void)
{
	KIRQL irql;

	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	for (int i = 0; i < RTL_NUMBER_OF(crowd); i++)
		KeInsertQueueDpc(&crowd[i], NULL, NULL);
	KeLowerIrql(irql);
}

/*
 * Also for those that are served after others had a turn. Whether any are left then
 * is up to the scheduler, so this goes on until some were.
 */
const char *flush_waits_for_all_dpcs(void)
{
	LONG before;

	for (int i = 0; i < RTL_NUMBER_OF(crowd); i++)
		KeInitializeDpc(&crowd[i], take_a_while, NULL);
	for (int round = 0; round < ROUNDS; round++) {
		calls = 0;
		insert_crowd();
		before = InterlockedCompareExchange(&calls, 0, 0);
		KeFlushQueuedDpcs();
		CHECK(calls == RTL_NUMBER_OF(crowd));
		if (before < RTL_NUMBER_OF(crowd) - 16)
			return NULL;
	}
	return "all were called before somebody waited, each time";
}

const char *remove_waits_for_running_dpc(void)
{
	for (int i = 0; i < 10; i++) {
		LARGE_INTEGER moment = { .QuadPart = -1000 };
		KDPC dpc;

		started = 0;
		finished = 0;
		KeInitializeDpc(&dpc, take_long, NULL);
		KeInsertQueueDpc(&dpc, NULL, NULL);
		while (!InterlockedCompareExchange(&started, 0, 0))
			KeDelayExecutionThread(KernelMode, FALSE, &moment);
		CHECK(!KeRemoveQueueDpc(&dpc));
		CHECK(finished);
	}
	return NULL;
}
