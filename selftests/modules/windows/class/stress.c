// SPDX-License-Identifier: GPL-2.0
/*
 * Everything at once: threads that try, wait and cancel, an interrupt service routine
 * that tries, and a second one that is connected and disconnected all the time. There
 * may never be two owners, and no routine may be called that is not connected.
 *
 *   stress NAME MS	on the port of that name, for so long. Output: how often something
 *			was wrong, how often the port was owned, interrupts, and calls of
 *			the routine that comes and goes
 */
#include <wdm.h>

#include "class.h"

#define TASKS	4

/* 100 ns */
#define US	10LL

typedef struct _TASK {
	OPEN_DEVICE Device;
	KEVENT Answered;
	void *Thread;
} TASK, *PTASK;

/* What a routine that comes and goes is called with. */
typedef struct _VISIT {
	volatile BOOLEAN Connected;
} VISIT, *PVISIT;

static struct {
	TASK Task[TASKS];
	OPEN_DEVICE Device;
	PARALLEL_INTERRUPT_SERVICE_ROUTINE Service;
	PARALLEL_INTERRUPT_INFORMATION Information;
	PVOID volatile Owner;	/* whoever believes to own the port */
	LONG Stop;
	LONG Wrong;
	LONG Owned;		/* times that somebody owned the port */
	LONG Interrupts;
	LONG Visits;
} Stress;

static VOID Check(BOOLEAN right)
{
	if (!right)
		InterlockedIncrement(&Stress.Wrong);
}

static VOID Own(PVOID me)
{
	LONG owned = InterlockedIncrement(&Stress.Owned);

	Check(!InterlockedExchangePointer(&Stress.Owner, me));
	for (volatile LONG spin = owned * 37 % 101; spin > 0; spin = spin - 1)
		;
	Check(InterlockedExchangePointer(&Stress.Owner, NULL) == me);
}

/* --- threads -------------------------------------------------------------------- */

/* By the callback, which says nothing, or by a request. */
static VOID OwnAndFree(PTASK me)
{
	POPEN_DEVICE device = &me->Device;
	ULONG_PTR length;

	Own(me);
	if (class_random(2))
		device->Port.FreePort(device->Port.Context);
	else
		Check(SendRequest(device, IOCTL_INTERNAL_PARALLEL_PORT_FREE, TRUE, NULL, 0, NULL,
				  0, &length) == STATUS_SUCCESS);
}

static NTSTATUS Done(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
	KeSetEvent(context, IO_NO_INCREMENT, FALSE);
	return STATUS_MORE_PROCESSING_REQUIRED;
}

/* Waits as long as it takes, or cancels the request after a moment. */
static VOID Allocate(PTASK me, BOOLEAN patient)
{
	PIRP irp = IoAllocateIrp(me->Device.Device->StackSize, FALSE);
	LARGE_INTEGER moment;
	PIO_STACK_LOCATION next;
	NTSTATUS status;

	if (!irp) {
		Check(FALSE);
		return;
	}
	next = IoGetNextIrpStackLocation(irp);
	next->MajorFunction = IRP_MJ_INTERNAL_DEVICE_CONTROL;
	next->Parameters.DeviceIoControl.IoControlCode = IOCTL_INTERNAL_PARALLEL_PORT_ALLOCATE;
	IoSetCompletionRoutine(irp, Done, &me->Answered, TRUE, TRUE, TRUE);
	KeClearEvent(&me->Answered);
	status = IoCallDriver(me->Device.Device, irp);
	Check(status == STATUS_PENDING || status == STATUS_SUCCESS);

	moment.QuadPart = -(LONGLONG)class_random(200) * US;
	if (KeWaitForSingleObject(&me->Answered, Executive, KernelMode, FALSE,
				  patient ? NULL : &moment) == STATUS_TIMEOUT) {
		IoCancelIrp(irp);
		KeWaitForSingleObject(&me->Answered, Executive, KernelMode, FALSE, NULL);
	}
	status = irp->IoStatus.Status;
	IoFreeIrp(irp);
	Check(status == STATUS_SUCCESS || (status == STATUS_CANCELLED && !patient));
	if (status == STATUS_SUCCESS)
		OwnAndFree(me);
}

static void Live(void *argument)
{
	LARGE_INTEGER moment = { .QuadPart = -10 * US };
	PTASK me = argument;

	while (!InterlockedCompareExchange(&Stress.Stop, 0, 0)) {
		switch (class_random(4)) {
		case 0:
			if (me->Device.Port.TryAllocatePort(me->Device.Port.Context))
				OwnAndFree(me);
			break;
		case 1:
			Allocate(me, TRUE);
			break;
		case 2:
			Allocate(me, FALSE);
			break;
		case 3:
			KeDelayExecutionThread(KernelMode, FALSE, &moment);
			break;
		}
	}
}

/* --- interrupts ------------------------------------------------------------------ */

static BOOLEAN Isr(PKINTERRUPT interrupt, PVOID context)
{
	PPARALLEL_INTERRUPT_INFORMATION information = &Stress.Information;

	READ_PORT_UCHAR(Stress.Device.Port.Controller + DSR_OFFSET);
	InterlockedIncrement(&Stress.Interrupts);
	/* Until the request is answered nothing is known. */
	if (information->Context &&
	    information->TryAllocatePortAtInterruptLevel(information->Context)) {
		Own(information);
		information->FreePortFromInterruptLevel(information->Context);
	}
	return FALSE;
}

static BOOLEAN VisitingIsr(PKINTERRUPT interrupt, PVOID context)
{
	PVISIT visit = context;

	Check(visit->Connected);
	InterlockedIncrement(&Stress.Visits);
	return FALSE;
}

static NTSTATUS Connect(PPARALLEL_INTERRUPT_SERVICE_ROUTINE service,
			PPARALLEL_INTERRUPT_INFORMATION information)
{
	ULONG_PTR length;

	return SendRequest(&Stress.Device, IOCTL_INTERNAL_PARALLEL_CONNECT_INTERRUPT, TRUE,
			   service, sizeof(*service), information, sizeof(*information),
			   &length);
}

static NTSTATUS Disconnect(PPARALLEL_INTERRUPT_SERVICE_ROUTINE service)
{
	ULONG_PTR length;

	return SendRequest(&Stress.Device, IOCTL_INTERNAL_PARALLEL_DISCONNECT_INTERRUPT, TRUE,
			   service, sizeof(*service), NULL, 0, &length);
}

/* With memory that is gone afterwards */
static NTSTATUS ComeAndGo(void)
{
	PVISIT visit = ExAllocatePool(NonPagedPool, sizeof(*visit));
	PARALLEL_INTERRUPT_SERVICE_ROUTINE service = {
		.InterruptServiceRoutine = VisitingIsr,
		.InterruptServiceContext = visit,
	};
	PARALLEL_INTERRUPT_INFORMATION information;
	LARGE_INTEGER moment = { .QuadPart = -50 * US };
	NTSTATUS status;

	if (!visit)
		return STATUS_INSUFFICIENT_RESOURCES;
	visit->Connected = TRUE;
	status = Connect(&service, &information);
	/* Often there is an interrupt just when it is disconnected. */
	for (int i = 0; NT_SUCCESS(status) && i < 4; i++) {
		Pulse(&Stress.Device);
		KeDelayExecutionThread(KernelMode, FALSE, &moment);
	}
	if (NT_SUCCESS(status))
		status = Disconnect(&service);
	visit->Connected = FALSE;
	ExFreePool(visit);
	return status;
}

/* --- all of it --------------------------------------------------------------------- */

static NTSTATUS Open(POPEN_DEVICE device, const char *name)
{
	NTSTATUS status = OpenByName(device, name);
	ULONG_PTR length;

	if (!NT_SUCCESS(status))
		return status;
	return SendRequest(device, IOCTL_INTERNAL_GET_PARALLEL_PORT_INFO, TRUE, NULL, 0,
			   &device->Port, sizeof(device->Port), &length);
}

/* In step with the routine, which may be called already: it looks at all of it or none. */
static BOOLEAN Connected(PVOID context)
{
	PPARALLEL_INTERRUPT_INFORMATION information = context;

	Stress.Information = *information;
	return TRUE;
}

static NTSTATUS Begin(const char *name)
{
	NTSTATUS status = Open(&Stress.Device, name);
	PARALLEL_INTERRUPT_INFORMATION information;

	for (int i = 0; NT_SUCCESS(status) && i < TASKS; i++) {
		PTASK task = &Stress.Task[i];

		KeInitializeEvent(&task->Answered, NotificationEvent, FALSE);
		status = Open(&task->Device, name);
		if (!NT_SUCCESS(status))
			break;
		task->Thread = class_start(Live, task);
		if (!task->Thread)
			status = STATUS_INSUFFICIENT_RESOURCES;
	}
	if (!NT_SUCCESS(status))
		return status;
	Stress.Service.InterruptServiceRoutine = Isr;
	status = Connect(&Stress.Service, &information);
	if (NT_SUCCESS(status))
		KeSynchronizeExecution(information.InterruptObject, Connected, &information);
	return status;
}

static VOID End(void)
{
	InterlockedExchange(&Stress.Stop, 1);
	for (int i = 0; i < TASKS; i++) {
		if (Stress.Task[i].Thread)
			class_join(Stress.Task[i].Thread);
		if (Stress.Task[i].Device.File)
			ObDereferenceObject(Stress.Task[i].Device.File);
	}
	if (Stress.Information.Context)
		Check(Disconnect(&Stress.Service) == STATUS_SUCCESS);
	if (Stress.Device.File)
		ObDereferenceObject(Stress.Device.File);
}

static LONGLONG Now(void)
{
	return KeQueryPerformanceCounter(NULL).QuadPart;
}

int class_stress(char **argv)
{
	LONGLONG end = Now() + class_number(argv[2]) * 1000 * US;
	NTSTATUS status;

	RtlZeroMemory(&Stress, sizeof(Stress));
	status = Begin(argv[1]);
	while (NT_SUCCESS(status) && Now() < end)
		status = ComeAndGo();
	End();
	if (NT_SUCCESS(status))
		class_say("%d %d %d %d", Stress.Wrong, Stress.Owned, Stress.Interrupts,
			  Stress.Visits);
	else
		SayStatus(status);
	return 0;
}
