// SPDX-License-Identifier: GPL-2.0
/*
 * Timers.
 */
#include <wdm.h>

#include "harness.h"

#define MILLISECOND	10000LL

/* For what takes some ms, on any machine */
#define TOO_LATE_MS	60000

static LONG calls;

static LARGE_INTEGER in_ms(LONGLONG ms)
{
	return (LARGE_INTEGER) { .QuadPart = -ms * MILLISECOND };
}

static NTSTATUS wait(PVOID object)
{
	return KeWaitForSingleObject(object, Executive, KernelMode, FALSE, NULL);
}

static VOID count(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
	if (KeGetCurrentIrql() == DISPATCH_LEVEL)
		InterlockedIncrement(&calls);
	if (context)
		KeSetEvent(context, IO_NO_INCREMENT, FALSE);
}

const char *timer_is_waited_for(void)
{
	long long before = harness_ms();
	KTIMER timer;

	KeInitializeTimer(&timer);
	CHECK(!KeReadStateTimer(&timer));
	CHECK(!KeSetTimer(&timer, in_ms(30), NULL));
	CHECK(wait(&timer) == STATUS_SUCCESS);
	CHECK(harness_ms() - before >= 30);
	CHECK(harness_ms() - before < TOO_LATE_MS);
	/* It stays so until it is set again. */
	CHECK(wait(&timer) == STATUS_SUCCESS);
	CHECK(KeReadStateTimer(&timer));
	CHECK(!KeSetTimer(&timer, in_ms(3600000), NULL));
	CHECK(!KeReadStateTimer(&timer));
	CHECK(KeCancelTimer(&timer));
	return NULL;
}

const char *synchronization_timer(void)
{
	KTIMER timer;

	KeInitializeTimerEx(&timer, SynchronizationTimer);
	KeSetTimer(&timer, in_ms(1), NULL);
	CHECK(wait(&timer) == STATUS_SUCCESS);
	CHECK(!KeReadStateTimer(&timer));
	return NULL;
}

const char *absolute_timer(void)
{
	long long before = harness_ms();
	LARGE_INTEGER due;
	KTIMER timer;

	KeInitializeTimer(&timer);
	KeQuerySystemTime(&due);
	due.QuadPart += 30 * MILLISECOND;
	KeSetTimer(&timer, due, NULL);
	CHECK(wait(&timer) == STATUS_SUCCESS);
	CHECK(harness_ms() - before >= 25);
	CHECK(harness_ms() - before < TOO_LATE_MS);
	return NULL;
}

const char *timer_dpc(void)
{
	KTIMER timer;
	KEVENT event;
	KDPC dpc;

	calls = 0;
	KeInitializeTimer(&timer);
	KeInitializeEvent(&event, NotificationEvent, FALSE);
	KeInitializeDpc(&dpc, count, &event);
	KeSetTimer(&timer, in_ms(5), &dpc);
	CHECK(wait(&event) == STATUS_SUCCESS);
	KeFlushQueuedDpcs();
	CHECK(calls == 1);
	CHECK(!KeCancelTimer(&timer));
	return NULL;
}

const char *timer_cancelled(void)
{
	LONGLONG ms = 25, before;
	KTIMER timer, later;
	KDPC dpc;

	KeInitializeTimer(&timer);
	KeInitializeTimer(&later);
	KeInitializeDpc(&dpc, count, NULL);
	CHECK(!KeCancelTimer(&timer));
	do {
		/* Too late is only who lets it expire. */
		KeFlushQueuedDpcs();
		calls = 0;
		ms *= 2;
		before = harness_ms();
		KeSetTimer(&timer, in_ms(ms), &dpc);
		if (KeCancelTimer(&timer))
			break;
		CHECK(harness_ms() - before >= ms);
	} while (TRUE);
	CHECK(!KeCancelTimer(&timer));
	/* When it would have expired */
	KeSetTimer(&later, in_ms(ms + 30), NULL);
	wait(&later);
	KeFlushQueuedDpcs();
	CHECK(!calls);
	CHECK(!KeReadStateTimer(&timer));
	return NULL;
}

const char *timer_set_again(void)
{
	long long before = harness_ms();
	KTIMER timer;

	KeInitializeTimer(&timer);
	CHECK(!KeSetTimer(&timer, in_ms(3600000), NULL));
	CHECK(KeSetTimer(&timer, in_ms(10), NULL));
	CHECK(wait(&timer) == STATUS_SUCCESS);
	CHECK(harness_ms() - before < TOO_LATE_MS);
	return NULL;
}

const char *periodic_timer(void)
{
	long long before = harness_ms();
	KTIMER timer, later;
	KEVENT event;
	KDPC dpc;
	LONG seen;

	calls = 0;
	KeInitializeTimer(&timer);
	KeInitializeTimer(&later);
	KeInitializeEvent(&event, SynchronizationEvent, FALSE);
	KeInitializeDpc(&dpc, count, &event);
	KeSetTimerEx(&timer, in_ms(5), 5, &dpc);
	for (int i = 0; i < 5; i++)
		wait(&event);
	CHECK(harness_ms() - before >= 25);
	CHECK(KeCancelTimer(&timer));
	KeFlushQueuedDpcs();
	seen = calls;
	KeSetTimer(&later, in_ms(30), NULL);
	wait(&later);
	KeFlushQueuedDpcs();
	CHECK(calls == seen);
	return NULL;
}

/* A timer that was cancelled may go, and nothing touches it any more. */
const char *timer_cancelled_while_it_expires(void)
{
	LONG cancelled = 0;

	calls = 0;
	for (int i = 0; i < 2000; i++) {
		LARGE_INTEGER due = { .QuadPart = -(i % 40) * 10 };
		KTIMER timer;
		KDPC dpc;

		KeInitializeTimer(&timer);
		KeInitializeDpc(&dpc, count, NULL);
		KeSetTimer(&timer, due, &dpc);
		KeStallExecutionProcessor(i % 20);
		if (KeCancelTimer(&timer))
			cancelled++;
		else if (KeRemoveQueueDpc(&dpc))
			cancelled++;
		RtlFillMemory(&timer, sizeof(timer), 0xff);
		RtlFillMemory(&dpc, sizeof(dpc), 0xff);
	}
	CHECK(calls + cancelled == 2000);
	return NULL;
}
