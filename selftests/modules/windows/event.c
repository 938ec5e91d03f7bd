// SPDX-License-Identifier: GPL-2.0
/*
 * Events, waiting, and time.
 */
#include <wdm.h>

#include "harness.h"

#define MILLISECOND	10000LL

/* For what takes some ms, on any machine */
#define TOO_LATE_MS	60000

static LARGE_INTEGER in_ms(LONGLONG ms)
{
	return (LARGE_INTEGER) { .QuadPart = -ms * MILLISECOND };
}

static NTSTATUS poll(PVOID object)
{
	LARGE_INTEGER now = { .QuadPart = 0 };

	return KeWaitForSingleObject(object, Executive, KernelMode, FALSE, &now);
}

const char *notification_event(void)
{
	KEVENT event;

	KeInitializeEvent(&event, NotificationEvent, FALSE);
	CHECK(poll(&event) == STATUS_TIMEOUT);
	CHECK(KeSetEvent(&event, IO_NO_INCREMENT, FALSE) == 0);
	CHECK(poll(&event) == STATUS_SUCCESS);
	CHECK(poll(&event) == STATUS_SUCCESS);
	CHECK(KeReadStateEvent(&event));
	CHECK(KeSetEvent(&event, IO_NO_INCREMENT, FALSE) != 0);
	CHECK(KeResetEvent(&event) != 0);
	CHECK(KeResetEvent(&event) == 0);
	CHECK(poll(&event) == STATUS_TIMEOUT);
	KeSetEvent(&event, IO_NO_INCREMENT, FALSE);
	KeClearEvent(&event);
	CHECK(!KeReadStateEvent(&event));
	KeInitializeEvent(&event, NotificationEvent, TRUE);
	CHECK(poll(&event) == STATUS_SUCCESS);
	return NULL;
}

const char *synchronization_event(void)
{
	KEVENT event;

	KeInitializeEvent(&event, SynchronizationEvent, TRUE);
	CHECK(poll(&event) == STATUS_SUCCESS);
	CHECK(poll(&event) == STATUS_TIMEOUT);
	KeSetEvent(&event, IO_NO_INCREMENT, FALSE);
	/* It is no counter. */
	KeSetEvent(&event, IO_NO_INCREMENT, FALSE);
	CHECK(KeReadStateEvent(&event));
	CHECK(KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL) ==
	      STATUS_SUCCESS);
	CHECK(poll(&event) == STATUS_TIMEOUT);
	return NULL;
}

const char *semaphore(void)
{
	KSEMAPHORE semaphore;

	KeInitializeSemaphore(&semaphore, 1, 3);
	CHECK(poll(&semaphore) == STATUS_SUCCESS);
	CHECK(poll(&semaphore) == STATUS_TIMEOUT);
	CHECK(KeReleaseSemaphore(&semaphore, IO_NO_INCREMENT, 2, FALSE) == 0);
	CHECK(KeReadStateSemaphore(&semaphore) == 2);
	/* Past the limit */
	CHECK(KeReleaseSemaphore(&semaphore, IO_NO_INCREMENT, 2, FALSE) == 2);
	CHECK(KeReadStateSemaphore(&semaphore) == 2);
	CHECK(poll(&semaphore) == STATUS_SUCCESS && poll(&semaphore) == STATUS_SUCCESS);
	CHECK(poll(&semaphore) == STATUS_TIMEOUT);
	return NULL;
}

/* --- those who wait ------------------------------------------------------------------ */

#define WAITERS	3

static KEVENT awaited;
static LONG woken;

static void wait_for_it(void *context)
{
	if (KeWaitForSingleObject(&awaited, Executive, KernelMode, FALSE, NULL) ==
	    STATUS_SUCCESS)
		InterlockedIncrement(&woken);
}

static LONG waiting(void)
{
	volatile LIST_ENTRY *head = &awaited.Header.WaitListHead;
	LONG count = 0;

	for (volatile LIST_ENTRY *entry = head->Flink; entry != head; entry = entry->Flink)
		count++;
	return count;
}

static BOOLEAN start_waiters(EVENT_TYPE type, void *threads[])
{
	woken = 0;
	KeInitializeEvent(&awaited, type, FALSE);
	for (int i = 0; i < WAITERS; i++) {
		LARGE_INTEGER moment = in_ms(1);

		threads[i] = harness_start(wait_for_it, NULL);
		if (!threads[i])
			return FALSE;
		while (!harness_waits(threads[i]))
			KeDelayExecutionThread(KernelMode, FALSE, &moment);
	}
	return TRUE;
}

const char *set_event_wakes_all(void)
{
	void *threads[WAITERS];

	CHECK(start_waiters(NotificationEvent, threads));
	KeSetEvent(&awaited, IO_NO_INCREMENT, FALSE);
	CHECK(!waiting());
	for (int i = 0; i < WAITERS; i++)
		harness_join(threads[i]);
	CHECK(woken == WAITERS);
	CHECK(KeReadStateEvent(&awaited));
	return NULL;
}

const char *set_event_wakes_one(void)
{
	const char *wrong = NULL;
	void *threads[WAITERS];

	CHECK(start_waiters(SynchronizationEvent, threads));
	for (int i = 0; i < WAITERS; i++) {
		KeSetEvent(&awaited, IO_NO_INCREMENT, FALSE);
		if (waiting() != WAITERS - i - 1)
			wrong = "more or less than one was woken";
	}
	if (KeReadStateEvent(&awaited))
		wrong = "the event is set though somebody had it";
	/* Whoever is left is not to wait for ever. */
	while (waiting())
		KeSetEvent(&awaited, IO_NO_INCREMENT, FALSE);
	for (int i = 0; i < WAITERS; i++)
		harness_join(threads[i]);
	CHECK(woken == WAITERS);
	return wrong;
}

static FAST_MUTEX mutex;
static volatile LONG inside;

static void get_inside(void *context)
{
	ExAcquireFastMutex(&mutex);
	inside = 1;
	ExReleaseFastMutex(&mutex);
}

const char *fast_mutex(void)
{
	LARGE_INTEGER moment = in_ms(1);
	BOOLEAN kept_out;
	void *thread;

	inside = 0;
	ExInitializeFastMutex(&mutex);
	CHECK(ExTryToAcquireFastMutex(&mutex));
	CHECK(!ExTryToAcquireFastMutex(&mutex));
	thread = harness_start(get_inside, NULL);
	CHECK(thread);
	while (!inside && !harness_waits(thread))
		KeDelayExecutionThread(KernelMode, FALSE, &moment);
	kept_out = !inside;
	ExReleaseFastMutex(&mutex);
	harness_join(thread);
	CHECK(kept_out && inside);
	CHECK(ExTryToAcquireFastMutex(&mutex));
	return NULL;
}

/* --- time ----------------------------------------------------------------------------- */

const char *relative_timeout(void)
{
	long long before = harness_ms();
	LARGE_INTEGER timeout = in_ms(50);
	KEVENT event;

	KeInitializeEvent(&event, NotificationEvent, FALSE);
	CHECK(KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &timeout) ==
	      STATUS_TIMEOUT);
	CHECK(harness_ms() - before >= 50);
	CHECK(harness_ms() - before < TOO_LATE_MS);
	CHECK(timeout.QuadPart == in_ms(50).QuadPart);
	return NULL;
}

const char *absolute_timeout(void)
{
	long long before = harness_ms();
	LARGE_INTEGER timeout;
	KEVENT event;

	KeInitializeEvent(&event, NotificationEvent, FALSE);
	KeQuerySystemTime(&timeout);
	timeout.QuadPart += 50 * MILLISECOND;
	CHECK(KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &timeout) ==
	      STATUS_TIMEOUT);
	/* The two clocks need not agree to the last ms. */
	CHECK(harness_ms() - before >= 45);
	CHECK(harness_ms() - before < TOO_LATE_MS);
	/* Long ago */
	timeout.QuadPart = 1;
	CHECK(KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &timeout) ==
	      STATUS_TIMEOUT);
	return NULL;
}

const char *delay(void)
{
	long long before = harness_ms();
	LARGE_INTEGER interval = in_ms(30);

	CHECK(KeDelayExecutionThread(KernelMode, FALSE, &interval) == STATUS_SUCCESS);
	CHECK(harness_ms() - before >= 30);
	before = harness_ms();
	KeStallExecutionProcessor(5000);
	CHECK(harness_ms() - before >= 5);
	return NULL;
}

const char *clocks(void)
{
	LARGE_INTEGER time, ticks, before, after, frequency;
	LARGE_INTEGER interval = in_ms(20);
	LONGLONG seconds = harness_seconds();

	/* Windows counts from the year 1601, and these are 369 years with 89 leap days. */
	KeQuerySystemTime(&time);
	time.QuadPart = time.QuadPart / (1000 * MILLISECOND) - (369 * 365 + 89) * 86400LL;
	CHECK(seconds <= time.QuadPart && time.QuadPart <= harness_seconds());

	before = KeQueryPerformanceCounter(&frequency);
	CHECK(frequency.QuadPart == 10000000);
	KeQueryTickCount(&ticks);
	KeDelayExecutionThread(KernelMode, FALSE, &interval);
	after = KeQueryPerformanceCounter(NULL);
	CHECK((after.QuadPart - before.QuadPart) * 1000 / frequency.QuadPart >= 20);
	KeQueryTickCount(&time);
	CHECK((time.QuadPart - ticks.QuadPart + 1) * KeQueryTimeIncrement() >= 20 * MILLISECOND);
	return NULL;
}

static void set_it(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
	KeSetEvent(context, IO_NO_INCREMENT, FALSE);
}

const char *event_set_by_dpc(void)
{
	for (int i = 0; i < 1000; i++) {
		/* On the stack, and gone as soon as it was seen */
		KEVENT event;
		KDPC dpc;

		KeInitializeEvent(&event, NotificationEvent, FALSE);
		KeInitializeDpc(&dpc, set_it, &event);
		KeInsertQueueDpc(&dpc, NULL, NULL);
		CHECK(KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL) ==
		      STATUS_SUCCESS);
		RtlFillMemory(&event, sizeof(event), 0xff);
		RtlFillMemory(&dpc, sizeof(dpc), 0xff);
	}
	return NULL;
}

/* The script kills the task that runs this. */
const char *wait_to_be_killed(void)
{
	KEVENT event;

	KeInitializeEvent(&event, NotificationEvent, FALSE);
	DbgPrint("pta_windows: waiting\n");
	CHECK(KeWaitForSingleObject(&event, Executive, UserMode, FALSE, NULL) ==
	      STATUS_USER_APC);
	CHECK(IsListEmpty(&event.Header.WaitListHead));
	CHECK(KeWaitForSingleObject(&event, Executive, KernelMode, TRUE, NULL) ==
	      STATUS_ALERTED);
	KeSetEvent(&event, IO_NO_INCREMENT, FALSE);
	CHECK(KeWaitForSingleObject(&event, Executive, UserMode, FALSE, NULL) ==
	      STATUS_SUCCESS);
	return NULL;
}
