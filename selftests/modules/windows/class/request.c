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
 *				closes DEVICE
 *   answers			output: what was completed, in that order, with status,
 *				information and context; forgets it
 */
#include <wdm.h>

#include "class.h"

#define REQUESTS	10
#define ANSWERS		64

enum { NOTHING, FREE, AGAIN, CLOSE };

typedef struct _REQUEST {
	PIRP Irp;
	POPEN_DEVICE Device;
	ULONG Code;
	PARALLEL_1284_COMMAND Command;
	LONG Busy;
	int What;
	POPEN_DEVICE Whom;
	KEVENT Done;
} REQUEST, *PREQUEST;

static REQUEST Requests[REQUESTS];

static struct {
	CHAR Request;
	NTSTATUS Status;
	ULONG_PTR Information;
	const char *Context;
} Answers[ANSWERS];
static LONG Answered;

static PREQUEST Request(const char *digit)
{
	ULONG i = digit[0] - '0';

	return i < REQUESTS && !digit[1] ? &Requests[i] : NULL;
}

static NTSTATUS Send(PREQUEST request, BOOLEAN cancelled);

static NTSTATUS Completion(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
	PREQUEST request = context;
	LONG i = InterlockedIncrement(&Answered) - 1;
	POPEN_DEVICE whom = request->Whom;
	int what = request->What;

	if (i < ANSWERS) {
		Answers[i].Request = '0' + (request - Requests);
		Answers[i].Status = irp->IoStatus.Status;
		Answers[i].Information = irp->IoStatus.Information;
		Answers[i].Context = class_context();
	}
	/* The memory is filled with something else, as it might be after a free. */
	RtlFillMemory(irp->PtaReserved, sizeof(irp->PtaReserved), 0x5a);
	IoFreeIrp(irp);
	request->Irp = NULL;
	request->What = NOTHING;
	InterlockedExchange(&request->Busy, 0);

	switch (what) {
	case FREE:
		whom->Port.FreePort(whom->Port.Context);
		break;
	case AGAIN:
		Send(request, FALSE);
		return STATUS_MORE_PROCESSING_REQUIRED;
	case CLOSE:
		ObDereferenceObject(whom->File);
		whom->File = NULL;
		break;
	}
	KeSetEvent(&request->Done, IO_NO_INCREMENT, FALSE);
	return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Send(PREQUEST request, BOOLEAN cancelled)
{
	PIRP irp = IoAllocateIrp(request->Device->Device->StackSize, FALSE);
	PIO_STACK_LOCATION next;

	if (!irp)
		return STATUS_INSUFFICIENT_RESOURCES;
	request->Irp = irp;
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

	if (!request || !request->Busy)
		return -1;
	class_say("%d", IoCancelIrp(request->Irp));
	return 0;
}

int class_on(char **argv)
{
	PREQUEST request = Request(argv[1]);

	if (!request)
		return -1;
	request->What = class_equal(argv[2], "free") ? FREE :
			class_equal(argv[2], "again") ? AGAIN :
			class_equal(argv[2], "close") ? CLOSE : NOTHING;
	request->Whom = OpenDevice(argv[3]);
	return (request->What == FREE || request->What == CLOSE) && !request->Whom ? -1 : 0;
}

int class_answers(char **argv)
{
	LONG answered = Answered;

	for (LONG i = 0; i < answered && i < ANSWERS; i++)
		class_say("%c:%s:%u:%s", Answers[i].Request, StatusName(Answers[i].Status),
			  (ULONG)Answers[i].Information, Answers[i].Context);
	Answered = 0;
	return 0;
}

VOID CancelRequests(void)
{
	for (ULONG i = 0; i < REQUESTS; i++) {
		PREQUEST request = &Requests[i];

		request->What = NOTHING;
		if (!request->Busy)
			continue;
		IoCancelIrp(request->Irp);
		KeWaitForSingleObject(&request->Done, Executive, KernelMode, FALSE, NULL);
	}
}
