// SPDX-License-Identifier: GPL-2.0
/*
 * Requests that may wait for the port.
 *
 *   allocate REQUEST DEVICE [CONTEXT|cancelled]	REQUEST is a digit. In that CONTEXT, or
 *				with the IRP cancelled before it is sent
 *   select REQUEST DEVICE ID FLAGS [cancelled]
 *   lock REQUEST DEVICE [no-select]
 *   cancel REQUEST		output: 1 or 0, what IoCancelIrp() said
 *   on REQUEST WHAT [DEVICE]	what its completion routine does: nothing, free: it sends
 *				DEVICE a free, again: it sends itself once more, close: it
 *				closes DEVICE, connect or disconnect: it sends DEVICE that
 *				once more, init or cleanup: it sends DEVICE that. The answer
 *				to what it sends so has the letter of DEVICE
 *   answers			output: what was completed, in that order, with status,
 *				information and context; forgets it
 */
#include <wdm.h>

#include "class.h"

#define REQUESTS	10
#define ANSWERS		512

enum { NOTHING, FREE, AGAIN, CLOSE, CONNECT, DISCONNECT, INIT, CLEANUP, WHATS };

static const char * const WhatNames[WHATS] = {
	"nothing", "free", "again", "close", "connect", "disconnect", "init", "cleanup"
};

typedef struct _REQUEST {
	PIRP Irp;
	volatile LONG Holders;
	POPEN_DEVICE Device;
	ULONG Code;
	PARALLEL_1284_COMMAND Command;
	volatile LONG Busy;
	volatile int What;
	POPEN_DEVICE Whom;
	KEVENT Done;
} REQUEST, *PREQUEST;

static REQUEST Requests[REQUESTS];

/*
 * In the order in which they came. They are read while more come, so one is there as
 * soon as it is whole, and its request may be used again.
 */
static struct {
	LONG There;
	CHAR Request;
	NTSTATUS Status;
	ULONG_PTR Information;
	const char *Context;
} Answers[ANSWERS];
static LONG Answered, Read;

static PREQUEST Request(const char *digit)
{
	ULONG i = digit[0] - '0';

	return i < REQUESTS && !digit[1] ? &Requests[i] : NULL;
}

/* Who completes an IRP frees it, unless it is just being cancelled: then who is last. */
static VOID Drop(PREQUEST request, PIRP irp)
{
	if (!InterlockedDecrement(&request->Holders))
		IoFreeIrp(irp);
}

/* Is it not over yet? If so, cancels it, and tells in *said what IoCancelIrp() said. */
static BOOLEAN Cancel(PREQUEST request, BOOLEAN *said)
{
	LONG holders = request->Holders, seen;
	PIRP irp;

	for (;; holders = seen) {
		if (!holders)
			return FALSE;
		seen = InterlockedCompareExchange(&request->Holders, holders + 1, holders);
		if (seen == holders)
			break;
	}
	irp = request->Irp;
	*said = IoCancelIrp(irp);
	Drop(request, irp);
	return TRUE;
}

static NTSTATUS Send(PREQUEST request, BOOLEAN cancelled);

/* Returns which it is, to be shown when its request may be used again. */
static LONG NoteAnswer(CHAR request, NTSTATUS status, ULONG_PTR information)
{
	LONG i = InterlockedIncrement(&Answered) - 1;

	if (i < ANSWERS) {
		Answers[i].Request = request;
		Answers[i].Status = status;
		Answers[i].Information = information;
		Answers[i].Context = class_context();
	}
	return i;
}

static VOID ShowAnswer(LONG i)
{
	if (i < ANSWERS)
		InterlockedExchange(&Answers[i].There, 1);
}

static NTSTATUS Completion(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
	PREQUEST request = context;
	POPEN_DEVICE whom = request->Whom;
	int what = request->What;
	ULONG_PTR information = 0;
	NTSTATUS status;
	LONG i;

	i = NoteAnswer('0' + (request - Requests), irp->IoStatus.Status, irp->IoStatus.Information);
	/* The memory is filled with something else, as it might be after a free. */
	RtlFillMemory(irp->PtaReserved, sizeof(irp->PtaReserved), 0x5a);
	Drop(request, irp);
	request->What = NOTHING;

	switch (what) {
	case FREE:
		whom->Port.FreePort(whom->Port.Context);
		break;
	case AGAIN:
		Send(request, FALSE);
		break;
	case CLOSE:
		ObDereferenceObject(whom->File);
		whom->File = NULL;
		break;
	case CONNECT:
		ShowAnswer(NoteAnswer(whom->Letter, ConnectAgain(whom), 0));
		break;
	case DISCONNECT:
		ShowAnswer(NoteAnswer(whom->Letter, DisconnectOne(whom), 0));
		break;
	case INIT:
		status = SendRequest(whom, IOCTL_INTERNAL_INIT_1284_3_BUS, TRUE, NULL, 0, NULL, 0,
				     &information);
		ShowAnswer(NoteAnswer(whom->Letter, status, information));
		break;
	case CLEANUP:
		status = SendMajor(whom, IRP_MJ_CLEANUP, &information);
		ShowAnswer(NoteAnswer(whom->Letter, status, information));
		break;
	}
	if (what != AGAIN) {
		KeSetEvent(&request->Done, IO_NO_INCREMENT, FALSE);
		InterlockedExchange(&request->Busy, 0);
	}
	ShowAnswer(i);
	return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Send(PREQUEST request, BOOLEAN cancelled)
{
	PIRP irp = IoAllocateIrp(request->Device->Device->StackSize, FALSE);
	PIO_STACK_LOCATION next;

	if (!irp)
		return STATUS_INSUFFICIENT_RESOURCES;
	request->Irp = irp;
	request->Holders = 1;
	InterlockedExchange(&request->Busy, 1);
	next = IoGetNextIrpStackLocation(irp);
	next->MajorFunction = IRP_MJ_INTERNAL_DEVICE_CONTROL;
	next->Parameters.DeviceIoControl.IoControlCode = request->Code;
	if (request->Code == IOCTL_INTERNAL_SELECT_DEVICE) {
		next->Parameters.DeviceIoControl.InputBufferLength = sizeof(request->Command);
		irp->AssociatedIrp.SystemBuffer = &request->Command;
	}
	IoSetCompletionRoutine(irp, Completion, request, TRUE, TRUE, TRUE);
	if (cancelled)
		IoCancelIrp(irp);
	return IoCallDriver(request->Device->Device, irp);
}

static PREQUEST Prepare(char **argv, ULONG code)
{
	PREQUEST request = Request(argv[1]);
	POPEN_DEVICE device = OpenDevice(argv[2]);

	if (!request || !device || request->Busy)
		return NULL;
	request->Device = device;
	request->Code = code;
	KeInitializeEvent(&request->Done, NotificationEvent, FALSE);
	return request;
}

static void SendInContext(void *argument)
{
	SayStatus(Send(argument, FALSE));
}

int class_allocate(char **argv)
{
	PREQUEST request = Prepare(argv, IOCTL_INTERNAL_PARALLEL_PORT_ALLOCATE);

	if (!request)
		return -1;
	if (class_equal(argv[3], "cancelled"))
		SayStatus(Send(request, TRUE));
	else
		class_in_context(argv[3], SendInContext, request);
	return 0;
}

int class_select(char **argv)
{
	PREQUEST request = Prepare(argv, IOCTL_INTERNAL_SELECT_DEVICE);

	if (!request)
		return -1;
	request->Command.ID = class_number(argv[3]);
	request->Command.Port = 0;
	request->Command.CommandFlags = class_number(argv[4]);
	SayStatus(Send(request, class_equal(argv[5], "cancelled")));
	return 0;
}

int class_lock(char **argv)
{
	PREQUEST request = Prepare(argv, class_equal(argv[3], "no-select") ?
				   IOCTL_INTERNAL_LOCK_PORT_NO_SELECT :
				   IOCTL_INTERNAL_LOCK_PORT);

	if (!request)
		return -1;
	SayStatus(Send(request, FALSE));
	return 0;
}

int class_cancel(char **argv)
{
	PREQUEST request = Request(argv[1]);
	BOOLEAN said;

	if (!request || !Cancel(request, &said))
		return -1;
	class_say("%d", said);
	return 0;
}

int class_on(char **argv)
{
	PREQUEST request = Request(argv[1]);
	int what;

	for (what = 0; what < WHATS; what++)
		if (class_equal(argv[2], WhatNames[what]))
			break;
	if (!request || what == WHATS)
		return -1;
	request->Whom = OpenDevice(argv[3]);
	if (!request->Whom && what != NOTHING && what != AGAIN)
		return -1;
	request->What = what;
	return 0;
}

int class_answers(char **argv)
{
	for (; Read < ANSWERS && InterlockedExchange(&Answers[Read].There, 0); Read++)
		class_say("%c:%s:%u:%s", Answers[Read].Request,
			  StatusName(Answers[Read].Status),
			  (ULONG)Answers[Read].Information, Answers[Read].Context);
	return 0;
}

VOID CancelRequests(void)
{
	for (ULONG i = 0; i < REQUESTS; i++) {
		PREQUEST request = &Requests[i];

		BOOLEAN said;

		request->What = NOTHING;
		Cancel(request, &said);
		if (request->Busy)
			KeWaitForSingleObject(&request->Done, Executive, KernelMode, FALSE, NULL);
	}
}
