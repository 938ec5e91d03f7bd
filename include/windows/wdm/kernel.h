/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Windows: IRQLs, events, timers, deferred procedure calls, spin locks, time.
 */
#ifndef _WDM_KERNEL_
#define _WDM_KERNEL_

#include "../ntdef.h"
#include "memory.h"

typedef UCHAR KIRQL, *PKIRQL;
typedef CCHAR KPROCESSOR_MODE;
typedef LONG KPRIORITY;

/* The IRQLs between DISPATCH_LEVEL and CLOCK_LEVEL are devices'. */
#define PASSIVE_LEVEL	0
#define LOW_LEVEL	0
#define APC_LEVEL	1
#define DISPATCH_LEVEL	2
#define CLOCK_LEVEL	13
#define IPI_LEVEL	14
#define HIGH_LEVEL	15

typedef enum _MODE {
	KernelMode,
	UserMode,
	MaximumMode
} MODE;

typedef enum _INTERFACE_TYPE {
	InterfaceTypeUndefined = -1,
	Internal,
	Isa,
	Eisa,
	MicroChannel,
	TurboChannel,
	PCIBus,
	VMEBus,
	NuBus,
	PCMCIABus,
	CBus,
	MPIBus,
	MPSABus,
	ProcessorInternal,
	InternalPowerBus,
	PNPISABus,
	PNPBus,
	MaximumInterfaceType
} INTERFACE_TYPE, *PINTERFACE_TYPE;

typedef enum _KINTERRUPT_MODE {
	LevelSensitive,
	Latched
} KINTERRUPT_MODE;

typedef enum _EVENT_TYPE {
	NotificationEvent,
	SynchronizationEvent
} EVENT_TYPE;

typedef enum _TIMER_TYPE {
	NotificationTimer,
	SynchronizationTimer
} TIMER_TYPE;

typedef enum _KWAIT_REASON {
	Executive,
	FreePage,
	PageIn,
	PoolAllocation,
	DelayExecution,
	Suspended,
	UserRequest
} KWAIT_REASON;

typedef enum _KDPC_IMPORTANCE {
	LowImportance,
	MediumImportance,
	HighImportance
} KDPC_IMPORTANCE;

typedef struct _KTHREAD *PKTHREAD, *PRKTHREAD, *PETHREAD;
typedef struct _KPROCESS *PKPROCESS, *PEPROCESS;
typedef struct _KINTERRUPT *PKINTERRUPT;
typedef struct _KDPC KDPC, *PKDPC, *PRKDPC;

typedef BOOLEAN KSERVICE_ROUTINE(PKINTERRUPT interrupt, PVOID context);
typedef KSERVICE_ROUTINE *PKSERVICE_ROUTINE;
typedef BOOLEAN KSYNCHRONIZE_ROUTINE(PVOID context);
typedef KSYNCHRONIZE_ROUTINE *PKSYNCHRONIZE_ROUTINE;
typedef VOID KDEFERRED_ROUTINE(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2);
typedef KDEFERRED_ROUTINE *PKDEFERRED_ROUTINE;

/* --- objects that can be waited for ------------------------------------------- */

typedef struct _DISPATCHER_HEADER {
	UCHAR Type;
	LONG SignalState;
	LIST_ENTRY WaitListHead;
} DISPATCHER_HEADER;

typedef struct _KEVENT {
	DISPATCHER_HEADER Header;
} KEVENT, *PKEVENT, *PRKEVENT;

typedef struct _KSEMAPHORE {
	DISPATCHER_HEADER Header;
	LONG Limit;
} KSEMAPHORE, *PKSEMAPHORE, *PRKSEMAPHORE;

/* It is free while the event is set. */
typedef struct _FAST_MUTEX {
	KEVENT Event;
} FAST_MUTEX, *PFAST_MUTEX;

struct _KDPC {
	LIST_ENTRY DpcListEntry;
	PKDEFERRED_ROUTINE DeferredRoutine;
	PVOID DeferredContext;
	PVOID SystemArgument1;
	PVOID SystemArgument2;
	/* Is it in the queue? */
	BOOLEAN Queued;
};

typedef struct _KTIMER {
	DISPATCHER_HEADER Header;
	PKDPC Dpc;
	LONG Period;
	/* A struct hrtimer */
	ULONG_PTR PtaReserved[16];
} KTIMER, *PKTIMER, *PRKTIMER;

void pta_win_init_event(PKEVENT event, EVENT_TYPE type, BOOLEAN state);
LONG pta_win_set_event(PKEVENT event);
LONG pta_win_reset_event(PKEVENT event);
LONG pta_win_read_state(PVOID object);
NTSTATUS pta_win_wait(PVOID object, KPROCESSOR_MODE mode, BOOLEAN alertable,
		      PLARGE_INTEGER timeout);

#define KeInitializeEvent	pta_win_init_event
#define KeSetEvent(event, increment, wait) \
	((void)(increment), (void)(wait), pta_win_set_event(event))
#define KeResetEvent		pta_win_reset_event
#define KeClearEvent(event)	((void)pta_win_reset_event(event))
#define KeReadStateEvent(event)	pta_win_read_state(&(event)->Header)
#define KeWaitForSingleObject(object, reason, mode, alertable, timeout) \
	((void)(reason), pta_win_wait(object, mode, alertable, timeout))

void pta_win_init_semaphore(PKSEMAPHORE semaphore, LONG count, LONG limit);
LONG pta_win_release_semaphore(PKSEMAPHORE semaphore, LONG adjustment);

#define KeInitializeSemaphore	pta_win_init_semaphore
#define KeReleaseSemaphore(semaphore, increment, adjustment, wait) \
	((void)(increment), (void)(wait), \
	 pta_win_release_semaphore(semaphore, adjustment))
#define KeReadStateSemaphore(semaphore)	pta_win_read_state(&(semaphore)->Header)

FORCEINLINE VOID ExInitializeFastMutex(PFAST_MUTEX mutex)
{
	pta_win_init_event(&mutex->Event, SynchronizationEvent, TRUE);
}

FORCEINLINE VOID ExAcquireFastMutex(PFAST_MUTEX mutex)
{
	pta_win_wait(&mutex->Event, KernelMode, FALSE, NULL);
}

FORCEINLINE BOOLEAN ExTryToAcquireFastMutex(PFAST_MUTEX mutex)
{
	LARGE_INTEGER now = { .QuadPart = 0 };

	return pta_win_wait(&mutex->Event, KernelMode, FALSE, &now) == STATUS_SUCCESS;
}

FORCEINLINE VOID ExReleaseFastMutex(PFAST_MUTEX mutex)
{
	pta_win_set_event(&mutex->Event);
}

void pta_win_init_timer(PKTIMER timer, TIMER_TYPE type);
BOOLEAN pta_win_set_timer(PKTIMER timer, LARGE_INTEGER due, LONG period, PKDPC dpc);
BOOLEAN pta_win_cancel_timer(PKTIMER timer);

#define KeInitializeTimer(timer)	pta_win_init_timer(timer, NotificationTimer)
#define KeInitializeTimerEx		pta_win_init_timer
#define KeSetTimer(timer, due, dpc)	pta_win_set_timer(timer, due, 0, dpc)
#define KeSetTimerEx			pta_win_set_timer
#define KeCancelTimer			pta_win_cancel_timer
#define KeReadStateTimer(timer)		((BOOLEAN)pta_win_read_state(&(timer)->Header))

/* --- deferred procedure calls -------------------------------------------------- */

void pta_win_init_dpc(PKDPC dpc, PKDEFERRED_ROUTINE routine, PVOID context);
BOOLEAN pta_win_queue_dpc(PKDPC dpc, PVOID argument1, PVOID argument2);
BOOLEAN pta_win_remove_dpc(PKDPC dpc);
void pta_win_flush_dpcs(void);

#define KeInitializeDpc		pta_win_init_dpc
#define KeInsertQueueDpc	pta_win_queue_dpc
#define KeRemoveQueueDpc	pta_win_remove_dpc
#define KeFlushQueuedDpcs	pta_win_flush_dpcs
#define KeSetImportanceDpc(dpc, importance)	((void)(dpc), (void)(importance))

/* --- spin locks and IRQLs ------------------------------------------------------ */

/* A spinlock_t, which is larger where it sleeps or is being debugged */
typedef struct _KSPIN_LOCK {
	ULONG_PTR PtaReserved[24];
} KSPIN_LOCK, *PKSPIN_LOCK;

KIRQL pta_win_irql(void);
KIRQL pta_win_raise_irql(KIRQL irql);
void pta_win_lower_irql(KIRQL irql);
void pta_win_init_lock(PKSPIN_LOCK lock, PVOID class);
KIRQL pta_win_lock(PKSPIN_LOCK lock);
void pta_win_unlock(PKSPIN_LOCK lock, KIRQL irql);
void pta_win_lock_at_dpc(PKSPIN_LOCK lock);
void pta_win_unlock_at_dpc(PKSPIN_LOCK lock);

#define KeGetCurrentIrql	pta_win_irql
#define KeRaiseIrql(irql, old)	(*(old) = pta_win_raise_irql(irql))
#define KeRaiseIrqlToDpcLevel()	pta_win_raise_irql(DISPATCH_LEVEL)
#define KeLowerIrql		pta_win_lower_irql
/* As in Linux, locks that are initialised at one place are of one class. */
#define KeInitializeSpinLock(lock) ({ \
	static ULONG_PTR pta_win_class[2]; \
	pta_win_init_lock(lock, pta_win_class); \
})
#define KeAcquireSpinLock(lock, irql)	(*(irql) = pta_win_lock(lock))
#define KeAcquireSpinLockRaiseToDpc	pta_win_lock
#define KeReleaseSpinLock	pta_win_unlock
#define KeAcquireSpinLockAtDpcLevel	pta_win_lock_at_dpc
#define KeReleaseSpinLockFromDpcLevel	pta_win_unlock_at_dpc

PLIST_ENTRY pta_win_insert_head(PLIST_ENTRY head, PLIST_ENTRY entry, PKSPIN_LOCK lock);
PLIST_ENTRY pta_win_insert_tail(PLIST_ENTRY head, PLIST_ENTRY entry, PKSPIN_LOCK lock);
PLIST_ENTRY pta_win_remove_head(PLIST_ENTRY head, PKSPIN_LOCK lock);

#define ExInterlockedInsertHeadList	pta_win_insert_head
#define ExInterlockedInsertTailList	pta_win_insert_tail
#define ExInterlockedRemoveHeadList	pta_win_remove_head

BOOLEAN pta_win_synchronize(PKINTERRUPT interrupt, PKSYNCHRONIZE_ROUTINE routine,
			    PVOID context);

#define KeSynchronizeExecution	pta_win_synchronize

/* --- time ---------------------------------------------------------------------- */

NTSTATUS pta_win_delay(KPROCESSOR_MODE mode, BOOLEAN alertable, PLARGE_INTEGER interval);
void pta_win_stall(ULONG microseconds);
LONGLONG pta_win_system_time(void);
LONGLONG pta_win_tick_count(void);
ULONG pta_win_time_increment(void);
LARGE_INTEGER pta_win_performance_counter(PLARGE_INTEGER frequency);

#define KeDelayExecutionThread	pta_win_delay
#define KeStallExecutionProcessor	pta_win_stall
#define KeQuerySystemTime(time)	((void)((time)->QuadPart = pta_win_system_time()))
#define KeQueryTickCount(count)	((void)((count)->QuadPart = pta_win_tick_count()))
#define KeQueryTimeIncrement	pta_win_time_increment
#define KeQueryPerformanceCounter	pta_win_performance_counter

/* --- what helps while debugging -------------------------------------------------- */

/* It knows the formats of Windows: %ld is of 32 bit, %ws and %wZ are wide. */
ULONG pta_win_debug_print(const char *format, ...);

#define DbgPrint	pta_win_debug_print
#if DBG
#define KdPrint(arguments)	((void)DbgPrint arguments)
#define ASSERTMSG(message, expression) \
	((expression) ? (void)0 : (void)DbgPrint("assertion failed: %s\n", message))
#else
#define KdPrint(arguments)	((void)0)
#define ASSERTMSG(message, expression)	((void)0)
#endif
#ifndef ASSERT
#define ASSERT(expression)	ASSERTMSG(#expression, expression)
#endif
#define PAGED_CODE()	ASSERT(KeGetCurrentIrql() <= APC_LEVEL)

#endif /* _WDM_KERNEL_ */
