// SPDX-License-Identifier: GPL-2.0
/*
 * Two threads of a driver at once.
 *
 *   lock-beside-ask DEVICE OTHER N	N times DEVICE locks the port and unlocks it, while a
 *				thread asks with DEVICE whether the port is free. Output: how
 *				often OTHER could allocate what was locked, and how often the
 *				port was said to be free, and not to be
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
	LONG Free;
	LONG Taken;
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

static void AskWhetherFree(void *unused)
{
	while (!IsOver()) {
		BOOLEAN free = FALSE;
		ULONG_PTR length;

		if (SendRequest(Race.Device, IOCTL_PAR_IS_PORT_FREE, FALSE, NULL, 0, &free,
				sizeof(free), &length) == STATUS_SUCCESS)
			InterlockedIncrement(free ? &Race.Free : &Race.Taken);
	}
}

static BOOLEAN IsLocked(POPEN_DEVICE other)
{
	for (int i = 0; i < 10; i++)
		if (other->Port.TryAllocatePort(other->Port.Context)) {
			other->Port.FreePort(other->Port.Context);
			return FALSE;
		}
	return TRUE;
}

int class_lock_beside_ask(char **argv)
{
	POPEN_DEVICE device = OpenDevice(argv[1]), other = OpenDevice(argv[2]);
	ULONG times = class_number(argv[3]), wrong = 0;
	NTSTATUS status = STATUS_SUCCESS;

	if (!device || !other || !other->Port.Context || Race.Thread)
		return -1;
	RtlZeroMemory(&Race, sizeof(Race));
	Race.Device = device;
	if (Begin(AskWhetherFree))
		return -1;
	while (NT_SUCCESS(status) && times--) {
		status = Tell(device, IOCTL_INTERNAL_LOCK_PORT);
		if (!NT_SUCCESS(status))
			break;
		wrong += !IsLocked(other);
		status = Tell(device, IOCTL_INTERNAL_UNLOCK_PORT);
	}
	End();
	SayStatus(status);
	class_say("%u %d %d", wrong, Race.Free, Race.Taken);
	return 0;
}

/* --- open-beside-close ---------------------------------------------------------------- */

static void OpenAndClose(void *unused)
{
	OPEN_DEVICE device;

	while (!IsOver()) {
		if (!NT_SUCCESS(OpenByName(&device, Race.Name)))
			return;
		Race.Had = device.Device;
		ObDereferenceObject(device.File);
	}
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
		KeStallExecutionProcessor(times % 8);
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
