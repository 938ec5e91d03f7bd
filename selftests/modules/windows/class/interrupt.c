// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupt service routines and deferred port checks.
 *
 *   connect DEVICE MODE [CHECK]	MODE is what the routine does, see below, or NULL: there
 *				is none; or short-in or short-out. CHECK is none, note, take or
 *				step, see step.c
 *   disconnect DEVICE [other-routine|other-context|short]
 *   mode DEVICE MODE		from the next interrupt on
 *   pulse DEVICE		has the hardware raise an interrupt
 *   isrs			output: whose routines ran, in that order; those of deferred
 *				port checks are capitals; + or - after it if it tried to
 *				allocate; ? for one that is called before its request was
 *				answered, and ! if something is wrong. Forgets it
 *   synchronize DEVICE [CONTEXT]	output: what it returned, and the context
 *   synchronize DEVICE step N	N times on each processor, see step.c
 */
#include <wdm.h>

#include "class.h"

#define RAN	512

enum { PASS, MINE, TRY, TRY_FREE, FREE_IT, STEP, MODES };

static const char * const ModeNames[MODES] = {
	"pass", "mine", "try", "try-free", "free", "step"
};

/* Of a device: what it has connected. What is volatile may change beside the routines. */
typedef struct _ROUTINE {
	POPEN_DEVICE volatile Device;
	volatile int Mode;
	volatile BOOLEAN CheckTakes;
	volatile BOOLEAN CheckSteps;
	PARALLEL_INTERRUPT_SERVICE_ROUTINE Service;
	PARALLEL_INTERRUPT_INFORMATION Information;
} ROUTINE, *PROUTINE;

static ROUTINE Routines[8];
/* Which are read while more come: what was noted is not 0. */
static CHAR Ran[RAN + 1];
static LONG RanLength, RanRead;

static VOID Note(CHAR what)
{
	LONG i = InterlockedIncrement(&RanLength) - 1;

	if (i < RAN)
		*(volatile CHAR *)&Ran[i] = what;
}

static BOOLEAN TryIt(PROUTINE routine)
{
	PPARALLEL_INTERRUPT_INFORMATION information = &routine->Information;
	BOOLEAN got = information->TryAllocatePortAtInterruptLevel(information->Context);

	Note(got ? '+' : '-');
	return got;
}

static VOID FreeIt(PROUTINE routine)
{
	PPARALLEL_INTERRUPT_INFORMATION information = &routine->Information;

	information->FreePortFromInterruptLevel(information->Context);
}

static BOOLEAN Isr(PKINTERRUPT interrupt, PVOID context)
{
	PROUTINE routine = context;

	if (!routine->Information.Context) {
		Note('?');
		return FALSE;
	}
	if (interrupt != routine->Information.InterruptObject ||
	    KeGetCurrentIrql() <= DISPATCH_LEVEL)
		Note('!');
	Note(routine->Device->Letter);
	READ_PORT_UCHAR(routine->Device->Port.Controller + DSR_OFFSET);
	switch (routine->Mode) {
	case TRY:
		TryIt(routine);
		break;
	case TRY_FREE:
		if (TryIt(routine))
			FreeIt(routine);
		break;
	case FREE_IT:
		FreeIt(routine);
		break;
	case STEP:
		Step(STEP_ISR, routine->Device);
		break;
	}
	return routine->Mode != PASS;
}

static BOOLEAN OtherIsr(PKINTERRUPT interrupt, PVOID context)
{
	return FALSE;
}

static VOID Check(PVOID context)
{
	PROUTINE routine = context;

	Note(routine->Device->Letter - 'a' + 'A');
	if (routine->CheckTakes)
		TryIt(routine);
	if (routine->CheckSteps)
		Step(STEP_CHECK, routine->Device);
}

typedef struct _CONNECTION {
	PROUTINE Routine;
	PARALLEL_INTERRUPT_INFORMATION Information;
} CONNECTION, *PCONNECTION;

/* In step with the routines, which may be called already: they look at all of it or none. */
static BOOLEAN Connected(PVOID context)
{
	PCONNECTION connection = context;

	connection->Routine->Information = connection->Information;
	return TRUE;
}

static PROUTINE RoutineOf(POPEN_DEVICE device)
{
	return &Routines[device->Letter - 'a'];
}

static int Mode(const char *name)
{
	int mode;

	for (mode = 0; mode < MODES; mode++)
		if (class_equal(name, ModeNames[mode]))
			break;
	return mode;
}

int class_connect(char **argv)
{
	POPEN_DEVICE device = OpenDevice(argv[1]);
	ULONG in = sizeof(PARALLEL_INTERRUPT_SERVICE_ROUTINE);
	ULONG out = sizeof(PARALLEL_INTERRUPT_INFORMATION);
	CONNECTION connection;
	ULONG_PTR length;
	PROUTINE routine;
	NTSTATUS status;

	if (!device || !device->Port.Context)
		return -1;
	routine = RoutineOf(device);
	routine->Device = device;
	routine->Mode = Mode(argv[2]);
	routine->CheckTakes = class_equal(argv[3], "take");
	routine->CheckSteps = class_equal(argv[3], "step");
	routine->Service.InterruptServiceRoutine = class_equal(argv[2], "NULL") ? NULL : Isr;
	routine->Service.InterruptServiceContext = routine;
	routine->Service.DeferredPortCheckRoutine = *argv[3] && !class_equal(argv[3], "none") ?
						    Check : NULL;
	routine->Service.DeferredPortCheckContext = routine;
	if (class_equal(argv[2], "short-in"))
		in--;
	if (class_equal(argv[2], "short-out"))
		out--;
	status = SendRequest(device, IOCTL_INTERNAL_PARALLEL_CONNECT_INTERRUPT, TRUE,
			     &routine->Service, in, &connection.Information, out, &length);
	connection.Routine = routine;
	if (NT_SUCCESS(status))
		KeSynchronizeExecution(connection.Information.InterruptObject, Connected,
				       &connection);
	SayStatus(status);
	class_say("%u", (ULONG)length);
	if (NT_SUCCESS(status))
		class_say("filled=%d", connection.Information.InterruptObject &&
			  connection.Information.TryAllocatePortAtInterruptLevel &&
			  connection.Information.FreePortFromInterruptLevel &&
			  connection.Information.Context);
	return 0;
}

int class_disconnect(char **argv)
{
	POPEN_DEVICE device = OpenDevice(argv[1]);
	PARALLEL_INTERRUPT_SERVICE_ROUTINE service;
	ULONG_PTR length;

	if (!device)
		return -1;
	service = RoutineOf(device)->Service;
	/* These do not count. */
	service.DeferredPortCheckRoutine = NULL;
	service.DeferredPortCheckContext = NULL;
	if (class_equal(argv[2], "other-routine"))
		service.InterruptServiceRoutine = OtherIsr;
	if (class_equal(argv[2], "other-context"))
		service.InterruptServiceContext = &Ran;
	SayStatus(SendRequest(device, IOCTL_INTERNAL_PARALLEL_DISCONNECT_INTERRUPT, TRUE,
			      &service, sizeof(service) - class_equal(argv[2], "short"),
			      NULL, 0, &length));
	class_say("%u", (ULONG)length);
	return 0;
}

NTSTATUS ConnectAgain(POPEN_DEVICE device)
{
	PROUTINE routine = RoutineOf(device);
	PARALLEL_INTERRUPT_INFORMATION information;
	ULONG_PTR length;

	return SendRequest(device, IOCTL_INTERNAL_PARALLEL_CONNECT_INTERRUPT, TRUE,
			   &routine->Service, sizeof(routine->Service), &information,
			   sizeof(information), &length);
}

NTSTATUS DisconnectOne(POPEN_DEVICE device)
{
	PROUTINE routine = RoutineOf(device);
	ULONG_PTR length;

	return SendRequest(device, IOCTL_INTERNAL_PARALLEL_DISCONNECT_INTERRUPT, TRUE,
			   &routine->Service, sizeof(routine->Service), NULL, 0, &length);
}

/* A device that is closed may be opened again, and goes on being there until then. */
VOID DisconnectAll(POPEN_DEVICE device)
{
	PROUTINE routine = RoutineOf(device);

	while (routine->Device && NT_SUCCESS(DisconnectOne(device)))
		;
	RtlZeroMemory(routine, sizeof(*routine));
}

int class_mode(char **argv)
{
	POPEN_DEVICE device = OpenDevice(argv[1]);
	int mode = Mode(argv[2]);

	if (!device || mode == MODES)
		return -1;
	RoutineOf(device)->Mode = mode;
	return 0;
}

/* nInit and nSelectIn as always; the interrupt on */
VOID Pulse(POPEN_DEVICE device)
{
	WRITE_PORT_UCHAR(device->Port.Controller + DCR_OFFSET,
			 DCR_ACKINT_ENABLED | DCR_SELECT_IN | DCR_NOT_INIT);
}

int class_pulse(char **argv)
{
	POPEN_DEVICE device = OpenDevice(argv[1]);

	if (!device || !device->Port.Controller)
		return -1;
	Pulse(device);
	return 0;
}

int class_isrs(char **argv)
{
	const CHAR *begin = &Ran[RanRead];

	while (*(volatile CHAR *)&Ran[RanRead])
		RanRead++;
	class_say("%.*s", (int)(&Ran[RanRead] - begin), begin);
	return 0;
}

static BOOLEAN Synchronized(PVOID context)
{
	const char **where = context;

	*where = class_context();
	return TRUE;
}

static void Synchronize(void *argument)
{
	PROUTINE routine = argument;
	const char *where = "nowhere";
	BOOLEAN result = KeSynchronizeExecution(routine->Information.InterruptObject,
						Synchronized, &where);

	class_say("%d %s", result, where);
}

static ULONG Times;

static BOOLEAN StepSynchronized(PVOID context)
{
	PROUTINE routine = context;

	Step(STEP_SYNCHRONIZED, routine->Device);
	return TRUE;
}

static void SynchronizeSteps(void *argument)
{
	PROUTINE routine = argument;

	for (ULONG i = 0; i < Times; i++)
		KeSynchronizeExecution(routine->Information.InterruptObject, StepSynchronized,
				       routine);
}

int class_synchronize(char **argv)
{
	POPEN_DEVICE device = OpenDevice(argv[1]);

	if (!device || !RoutineOf(device)->Information.InterruptObject)
		return -1;
	if (class_equal(argv[2], "step")) {
		Times = class_number(argv[3]);
		return class_on_all_processors(SynchronizeSteps, RoutineOf(device));
	}
	class_in_context(argv[2], Synchronize, RoutineOf(device));
	return 0;
}
