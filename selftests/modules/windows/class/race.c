// SPDX-License-Identifier: GPL-2.0
/*
 * A driver that does two things at once.
 *
 *   lock-beside-ask DEVICE OTHER N	N times DEVICE is asked whether the port is free. A DPC
 *				comes meanwhile and has it lock the port, and the next one
 *				unlock it. Output: how often what was locked could be allocated
 *				by OTHER, or was not to be unlocked, and how many locks there
 *				were
 *   open-beside-close NAME N	N times the device of that name is opened, owns the port,
 *				frees it and is closed, while a thread opens and closes it.
 *				Output: how often the port was not the owner's any more, and
 *				how often the device was the one that the thread had
 *   lock-until-gone DEVICE	A thread has DEVICE lock the port and unlock it until it
 *				cannot
 *   gone			output: why it could not
 */
#include <wdm.h>

#include "class.h"

static struct {
	POPEN_DEVICE Device;
	const char *Name;
	PDEVICE_OBJECT volatile Had;	/* by the thread */
	LONG Stop;
	void *Thread;
	NTSTATUS Status;
} Race;

static NTSTATUS Tell(POPEN_DEVICE device, ULONG code)
{
	ULONG_PTR length;

	return SendRequest(device, code, TRUE, NULL, 0, NULL, 0, &length);
}

/* Starts the race, with what is to be run beside. */
static int Begin(void (*function)(void *argument))
{
	Race.Thread = class_start(function, NULL);
	return Race.Thread ? 0 : -1;
}

static VOID End(void)
{
	InterlockedExchange(&Race.Stop, 1);
	class_join(Race.Thread);
	Race.Thread = NULL;
}

static BOOLEAN IsOver(void)
{
	return InterlockedCompareExchange(&Race.Stop, 0, 0);
}

/* --- lock-beside-ask --------------------------------------------------------------- */

/* 100 ns: about as long as it takes to ask */
#define LONGEST	400

static POPEN_DEVICE Locker, Other;
static volatile LONG Waits, Locked;
static LONG Locks, Wrong;

static NTSTATUS LockDone(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
	BOOLEAN locked = irp->IoStatus.Status == STATUS_SUCCESS;

	InterlockedIncrement(locked ? &Locks : &Wrong);
	IoFreeIrp(irp);
	/* From here on, a DPC may unlock it. */
	InterlockedExchange(&Locked, locked);
	InterlockedExchange(&Waits, 0);
	return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID Lock(void)
{
	PIRP irp = IoAllocateIrp(Locker->Device->StackSize, FALSE);
	PIO_STACK_LOCATION next;

	if (!irp)
		return;
	next = IoGetNextIrpStackLocation(irp);
	next->MajorFunction = IRP_MJ_INTERNAL_DEVICE_CONTROL;
	next->Parameters.DeviceIoControl.IoControlCode = IOCTL_INTERNAL_LOCK_PORT;
	IoSetCompletionRoutine(irp, LockDone, NULL, TRUE, TRUE, TRUE);
	InterlockedExchange(&Waits, 1);
	IoCallDriver(Locker->Device, irp);
}

static VOID Unlock(void)
{
	if (Other->Port.TryAllocatePort(Other->Port.Context)) {
		Other->Port.FreePort(Other->Port.Context);
		InterlockedIncrement(&Wrong);
	}
	if (Tell(Locker, IOCTL_INTERNAL_UNLOCK_PORT) != STATUS_SUCCESS)
		InterlockedIncrement(&Wrong);
	InterlockedExchange(&Locked, 0);
}

static VOID LockOrUnlock(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
	if (Locked)
		Unlock();
	else if (!Waits)
		Lock();
}

int class_lock_beside_ask(char **argv)
{
	ULONG times = class_number(argv[3]);
	LARGE_INTEGER due;
	KTIMER timer;
	KDPC dpc;

	Locker = OpenDevice(argv[1]);
	Other = OpenDevice(argv[2]);
	if (!Locker || !Other || !Other->Port.Context)
		return -1;
	Locks = 0;
	Wrong = 0;
	KeInitializeDpc(&dpc, LockOrUnlock, NULL);
	KeInitializeTimer(&timer);
	while (times--) {
		BOOLEAN free;
		ULONG_PTR length;

		due.QuadPart = -(LONGLONG)class_random(LONGEST);
		KeSetTimer(&timer, due, &dpc);
		if (SendRequest(Locker, IOCTL_PAR_IS_PORT_FREE, FALSE, NULL, 0, &free,
				sizeof(free), &length) != STATUS_SUCCESS)
			InterlockedIncrement(&Wrong);
	}
	KeCancelTimer(&timer);
	KeFlushQueuedDpcs();
	due.QuadPart = -10000;
	while (InterlockedCompareExchange(&Waits, 0, 0))
		KeDelayExecutionThread(KernelMode, FALSE, &due);
	if (Locked)
		Unlock();
	class_say("%d %d", Wrong, Locks);
	return 0;
}

/* --- open-beside-close ---------------------------------------------------------------- */

#define HOLD_US	100

static VOID TakeAWhile(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
	KeStallExecutionProcessor(HOLD_US / 2);
}

/* Often a DPC comes in the midst of the close, and it takes as long as others need. */
static void OpenAndClose(void *unused)
{
	OPEN_DEVICE device;
	LARGE_INTEGER due;
	KTIMER timer;
	KDPC dpc;

	KeInitializeDpc(&dpc, TakeAWhile, NULL);
	KeInitializeTimer(&timer);
	while (!IsOver() && NT_SUCCESS(OpenByName(&device, Race.Name))) {
		Race.Had = device.Device;
		due.QuadPart = -(LONGLONG)class_random(LONGEST / 2);
		KeSetTimer(&timer, due, &dpc);
		ObDereferenceObject(device.File);
	}
	KeCancelTimer(&timer);
	KeFlushQueuedDpcs();
}

int class_open_beside_close(char **argv)
{
	ULONG times = class_number(argv[2]), wrong = 0, same = 0;
	NTSTATUS status = STATUS_SUCCESS;
	OPEN_DEVICE device;

	if (Race.Thread)
		return -1;
	RtlZeroMemory(&Race, sizeof(Race));
	Race.Name = argv[1];
	if (Begin(OpenAndClose))
		return -1;
	while (NT_SUCCESS(status) && times--) {
		status = OpenByName(&device, argv[1]);
		if (!NT_SUCCESS(status))
			break;
		same += device.Device == Race.Had;
		wrong += Tell(&device, IOCTL_INTERNAL_PARALLEL_PORT_ALLOCATE) != STATUS_SUCCESS;
		KeStallExecutionProcessor(HOLD_US);
		wrong += Tell(&device, IOCTL_INTERNAL_PARALLEL_PORT_FREE) != STATUS_SUCCESS;
		ObDereferenceObject(device.File);
	}
	End();
	SayStatus(status);
	class_say("%u %u", wrong, same);
	return 0;
}

/* --- lock-until-gone ------------------------------------------------------------------- */

static void LockAndUnlock(void *unused)
{
	do {
		Race.Status = Tell(Race.Device, IOCTL_INTERNAL_LOCK_PORT);
		if (NT_SUCCESS(Race.Status))
			Race.Status = Tell(Race.Device, IOCTL_INTERNAL_UNLOCK_PORT);
	} while (NT_SUCCESS(Race.Status) && !IsOver());
}

int class_lock_until_gone(char **argv)
{
	POPEN_DEVICE device = OpenDevice(argv[1]);

	if (!device || Race.Thread)
		return -1;
	RtlZeroMemory(&Race, sizeof(Race));
	Race.Device = device;
	return Begin(LockAndUnlock);
}

int class_gone(char **argv)
{
	if (!Race.Thread)
		return -1;
	class_join(Race.Thread);
	Race.Thread = NULL;
	SayStatus(Race.Status);
	return 0;
}

/* The thread may still be at it, if the script failed. */
VOID EndRace(void)
{
	if (Race.Thread)
		End();
}
