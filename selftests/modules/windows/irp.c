// SPDX-License-Identifier: GPL-2.0
/*
 * IRPs, on their way through two drivers that are made up here.
 */
#include <wdm.h>

#include "harness.h"

#define CODE	CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* --- the drivers -------------------------------------------------------------------- */

/* What the lower driver does with a request */
static struct {
	NTSTATUS status;
	ULONG_PTR information;
	BOOLEAN pend;
	PIRP pending;
	LONG cancelled;
} lower;

static VOID lower_cancel(PDEVICE_OBJECT device, PIRP irp)
{
	IoReleaseCancelSpinLock(irp->CancelIrql);
	InterlockedIncrement(&lower.cancelled);
	irp->IoStatus.Status = STATUS_CANCELLED;
	irp->IoStatus.Information = 0;
	IoCompleteRequest(irp, IO_NO_INCREMENT);
}

static NTSTATUS lower_dispatch(PDEVICE_OBJECT device, PIRP irp)
{
	PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
	PUCHAR buffer = irp->AssociatedIrp.SystemBuffer;
	NTSTATUS status = lower.status;

	if (location->DeviceObject != device)
		status = STATUS_INTERNAL_ERROR;
	if (lower.pend) {
		IoMarkIrpPending(irp);
		lower.pending = irp;
		IoSetCancelRoutine(irp, lower_cancel);
		return STATUS_PENDING;
	}
	/* Answers in the buffer that the question came in */
	if (buffer)
		for (ULONG i = 0; i < location->Parameters.DeviceIoControl.OutputBufferLength; i++)
			buffer[i] += 1;
	irp->IoStatus.Status = status;
	irp->IoStatus.Information = lower.information;
	IoCompleteRequest(irp, IO_NO_INCREMENT);
	return status;
}

static VOID lower_finish(NTSTATUS status)
{
	lower.pending->IoStatus.Status = status;
	lower.pending->IoStatus.Information = lower.information;
	IoCompleteRequest(lower.pending, IO_NO_INCREMENT);
}

static DRIVER_OBJECT lower_driver = {
	.MajorFunction[IRP_MJ_DEVICE_CONTROL] = lower_dispatch,
	.MajorFunction[IRP_MJ_INTERNAL_DEVICE_CONTROL] = lower_dispatch,
};

static DEVICE_OBJECT lower_device = { .DriverObject = &lower_driver, .StackSize = 1 };

/* The upper driver hands everything on. */
static struct {
	LONG completions;
	PDEVICE_OBJECT device;
	BOOLEAN pending_returned;
	NTSTATUS status;
} upper;

static NTSTATUS upper_completion(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
	upper.completions++;
	upper.device = device;
	upper.pending_returned = irp->PendingReturned;
	upper.status = irp->IoStatus.Status;
	if (irp->PendingReturned)
		IoMarkIrpPending(irp);
	return STATUS_SUCCESS;
}

static NTSTATUS upper_dispatch(PDEVICE_OBJECT device, PIRP irp)
{
	IoCopyCurrentIrpStackLocationToNext(irp);
	IoSetCompletionRoutine(irp, upper_completion, NULL, TRUE, TRUE, TRUE);
	return IoCallDriver(&lower_device, irp);
}

static DRIVER_OBJECT upper_driver = {
	.MajorFunction[IRP_MJ_DEVICE_CONTROL] = upper_dispatch,
};

static DEVICE_OBJECT upper_device = { .DriverObject = &upper_driver, .StackSize = 2 };

static VOID prepare(NTSTATUS status)
{
	RtlZeroMemory(&lower, sizeof(lower));
	RtlZeroMemory(&upper, sizeof(upper));
	lower.status = status;
}

/* --- who sends ------------------------------------------------------------------------ */

static struct {
	LONG completions;
	PDEVICE_OBJECT device;
	PVOID context;
	NTSTATUS status;
	NTSTATUS answer;
	KEVENT done;
} sender;

static NTSTATUS sender_completion(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
	sender.completions++;
	sender.device = device;
	sender.context = context;
	sender.status = irp->IoStatus.Status;
	KeSetEvent(&sender.done, IO_NO_INCREMENT, FALSE);
	return sender.answer;
}

static VOID prepare_sender(void)
{
	RtlZeroMemory(&sender, sizeof(sender));
	sender.answer = STATUS_MORE_PROCESSING_REQUIRED;
	KeInitializeEvent(&sender.done, NotificationEvent, FALSE);
}

static VOID prepare_irp(PIRP irp)
{
	PIO_STACK_LOCATION next = IoGetNextIrpStackLocation(irp);

	next->MajorFunction = IRP_MJ_DEVICE_CONTROL;
	next->Parameters.DeviceIoControl.IoControlCode = CODE;
	IoSetCompletionRoutine(irp, sender_completion, &lower, TRUE, TRUE, TRUE);
}

static PIRP new_irp(CCHAR stack_size)
{
	PIRP irp = IoAllocateIrp(stack_size, FALSE);

	prepare_sender();
	if (irp)
		prepare_irp(irp);
	return irp;
}

const char *irp_life(void)
{
	PIO_STACK_LOCATION top;
	PIRP irp;

	CHECK(!IoAllocateIrp(0, FALSE));
	prepare(STATUS_SUCCESS);
	irp = new_irp(1);
	CHECK(irp);
	CHECK(irp->StackCount == 1 && irp->CurrentLocation == 2);
	top = IoGetNextIrpStackLocation(irp);
	CHECK((PUCHAR)(top + 1) == (PUCHAR)irp + IoSizeOfIrp(1));

	lower.information = 3;
	CHECK(IoCallDriver(&lower_device, irp) == STATUS_SUCCESS);
	CHECK(sender.completions == 1 && sender.context == &lower);
	CHECK(irp->IoStatus.Information == 3);
	/* It is the sender's again, as it was. */
	CHECK(IoGetNextIrpStackLocation(irp) == top);
	CHECK(!top->Control);

	IoReuseIrp(irp, STATUS_UNSUCCESSFUL);
	CHECK(irp->IoStatus.Status == STATUS_UNSUCCESSFUL);
	CHECK(irp->StackCount == 1 && irp->CurrentLocation == 2);
	CHECK(!top->CompletionRoutine && !irp->Cancel);
	prepare_irp(irp);
	lower.status = STATUS_DEVICE_BUSY;
	CHECK(IoCallDriver(&lower_device, irp) == STATUS_DEVICE_BUSY);
	CHECK(sender.completions == 2 && sender.status == STATUS_DEVICE_BUSY);
	IoFreeIrp(irp);
	return NULL;
}

const char *major_functions(void)
{
	static const UCHAR unknown[] = { IRP_MJ_READ, IRP_MJ_MAXIMUM_FUNCTION + 1, 0xff };

	for (int i = 0; i < ARRAYSIZE(unknown); i++) {
		PIRP irp;

		prepare(STATUS_SUCCESS);
		irp = new_irp(1);
		CHECK(irp);
		IoGetNextIrpStackLocation(irp)->MajorFunction = unknown[i];
		CHECK(IoCallDriver(&lower_device, irp) == STATUS_INVALID_DEVICE_REQUEST);
		CHECK(sender.completions == 1);
		CHECK(sender.status == STATUS_INVALID_DEVICE_REQUEST);
		IoFreeIrp(irp);
	}
	return NULL;
}

const char *irp_passes_two_drivers(void)
{
	PIRP irp;

	prepare(STATUS_SUCCESS);
	irp = new_irp(2);
	CHECK(irp);
	CHECK(IoCallDriver(&upper_device, irp) == STATUS_SUCCESS);
	CHECK(upper.completions == 1 && sender.completions == 1);
	/* Each hears with the device that is its own; the sender has none. */
	CHECK(upper.device == &upper_device && !sender.device);
	CHECK(!upper.pending_returned && !irp->PendingReturned);

	IoReuseIrp(irp, STATUS_SUCCESS);
	prepare_irp(irp);
	lower.pend = TRUE;
	CHECK(IoCallDriver(&upper_device, irp) == STATUS_PENDING);
	CHECK(upper.completions == 1);
	lower_finish(STATUS_IO_TIMEOUT);
	CHECK(upper.completions == 2 && upper.status == STATUS_IO_TIMEOUT);
	CHECK(upper.pending_returned && irp->PendingReturned);
	IoFreeIrp(irp);
	return NULL;
}

/* completes STATUS, CANCELLED - how often is a routine called that waits for it? */
static LONG completes(NTSTATUS status, BOOLEAN cancelled, BOOLEAN on_success,
		      BOOLEAN on_error, BOOLEAN on_cancel)
{
	PIRP irp = new_irp(1);

	if (!irp)
		return -1;
	prepare(status);
	IoSetCompletionRoutine(irp, sender_completion, NULL, on_success, on_error, on_cancel);
	irp->Cancel = cancelled;
	IoCallDriver(&lower_device, irp);
	IoFreeIrp(irp);
	return sender.completions;
}

const char *completion_conditions(void)
{
	CHECK(completes(STATUS_SUCCESS, FALSE, TRUE, FALSE, FALSE) == 1);
	CHECK(completes(STATUS_SUCCESS, FALSE, FALSE, TRUE, TRUE) == 0);
	CHECK(completes(STATUS_UNSUCCESSFUL, FALSE, FALSE, TRUE, FALSE) == 1);
	CHECK(completes(STATUS_UNSUCCESSFUL, FALSE, TRUE, FALSE, TRUE) == 0);
	CHECK(completes(STATUS_CANCELLED, TRUE, FALSE, FALSE, TRUE) == 1);
	CHECK(completes(STATUS_SUCCESS, TRUE, FALSE, FALSE, TRUE) == 1);
	CHECK(completes(STATUS_SUCCESS, FALSE, FALSE, FALSE, FALSE) == 0);
	return NULL;
}

static NTSTATUS stop_once(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
	upper.completions++;
	return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS stopping_dispatch(PDEVICE_OBJECT device, PIRP irp)
{
	IoCopyCurrentIrpStackLocationToNext(irp);
	IoSetCompletionRoutine(irp, stop_once, NULL, TRUE, TRUE, TRUE);
	IoMarkIrpPending(irp);
	IoCallDriver(&lower_device, irp);
	return STATUS_PENDING;
}

static DRIVER_OBJECT stopping_driver = {
	.MajorFunction[IRP_MJ_DEVICE_CONTROL] = stopping_dispatch,
};

static DEVICE_OBJECT stopping_device = { .DriverObject = &stopping_driver, .StackSize = 2 };

const char *more_processing_required(void)
{
	PIRP irp;

	prepare(STATUS_SUCCESS);
	irp = new_irp(2);
	CHECK(irp);
	CHECK(IoCallDriver(&stopping_device, irp) == STATUS_PENDING);
	CHECK(upper.completions == 1 && !sender.completions);
	CHECK(IoGetCurrentIrpStackLocation(irp)->DeviceObject == &stopping_device);
	/* The driver in the middle completes it when it likes. */
	irp->IoStatus.Status = STATUS_DATA_ERROR;
	IoCompleteRequest(irp, IO_NO_INCREMENT);
	CHECK(upper.completions == 1 && sender.completions == 1);
	CHECK(sender.status == STATUS_DATA_ERROR && irp->PendingReturned);
	IoFreeIrp(irp);
	return NULL;
}

/* --- IoBuildDeviceIoControlRequest ------------------------------------------------------ */

const char *request_buffers(void)
{
	UCHAR input[4] = { 1, 2, 3, 4 }, output[8];
	IO_STATUS_BLOCK status = { { 1 }, 1 };
	PIO_STACK_LOCATION next;
	KEVENT event;
	PIRP irp;

	prepare(STATUS_SUCCESS);
	lower.information = 6;
	RtlFillMemory(output, sizeof(output), 0x77);
	KeInitializeEvent(&event, NotificationEvent, FALSE);
	irp = IoBuildDeviceIoControlRequest(CODE, &lower_device, input, sizeof(input),
					    output, sizeof(output), FALSE, &event,
					    &status);
	CHECK(irp);
	next = IoGetNextIrpStackLocation(irp);
	CHECK(next->MajorFunction == IRP_MJ_DEVICE_CONTROL);
	CHECK(next->Parameters.DeviceIoControl.IoControlCode == CODE);
	CHECK(next->Parameters.DeviceIoControl.InputBufferLength == sizeof(input));
	CHECK(irp->AssociatedIrp.SystemBuffer != input);
	/* It was copied already. */
	RtlZeroMemory(input, sizeof(input));
	CHECK(IoCallDriver(&lower_device, irp) == STATUS_SUCCESS);
	CHECK(KeReadStateEvent(&event));
	CHECK(status.Status == STATUS_SUCCESS && status.Information == 6);
	CHECK(output[0] == 2 && output[3] == 5 && output[4] == 1 && output[5] == 1);
	/* No more than Information says */
	CHECK(output[6] == 0x77 && output[7] == 0x77);

	/* No more than there is place for, whatever it says */
	lower.information = 100;
	RtlFillMemory(output, sizeof(output), 0x77);
	irp = IoBuildDeviceIoControlRequest(CODE, &lower_device, NULL, 0, output, 4,
					    TRUE, &event, &status);
	CHECK(irp);
	CHECK(IoGetNextIrpStackLocation(irp)->MajorFunction ==
	      IRP_MJ_INTERNAL_DEVICE_CONTROL);
	CHECK(IoCallDriver(&lower_device, irp) == STATUS_SUCCESS);
	CHECK(output[3] == 1 && output[4] == 0x77);
	return NULL;
}

const char *request_that_fails(void)
{
	IO_STATUS_BLOCK status = { { 1 }, 1 };
	UCHAR output[4] = { 0x77, 0x77, 0x77, 0x77 };
	KEVENT event;
	PIRP irp;

	prepare(STATUS_BUFFER_TOO_SMALL);
	lower.information = 4;
	KeInitializeEvent(&event, NotificationEvent, FALSE);
	irp = IoBuildDeviceIoControlRequest(CODE, &lower_device, NULL, 0, output,
					    sizeof(output), TRUE, &event, &status);
	CHECK(irp);
	CHECK(IoCallDriver(&lower_device, irp) == STATUS_BUFFER_TOO_SMALL);
	/* Drivers that wait whatever the answer was would wait for ever. */
	CHECK(KeReadStateEvent(&event));
	CHECK(status.Status == STATUS_BUFFER_TOO_SMALL);
	CHECK(output[0] == 0x77);
	/* More memory than there is */
	irp = IoBuildDeviceIoControlRequest(CODE, &lower_device, NULL, 0, output,
					    0x7fffffff, TRUE, &event, &status);
	CHECK(!irp);
	return NULL;
}

static void finish_in_thread(void *context)
{
	lower_finish(STATUS_SUCCESS);
}

const char *request_that_pends(void)
{
	for (int i = 0; i < 200; i++) {
		IO_STATUS_BLOCK status = { { 1 }, 1 };
		KEVENT event;
		void *thread;
		PIRP irp;

		prepare(STATUS_SUCCESS);
		lower.pend = TRUE;
		lower.information = 1;
		KeInitializeEvent(&event, NotificationEvent, FALSE);
		irp = IoBuildDeviceIoControlRequest(CODE, &lower_device, NULL, 0, NULL,
						    0, TRUE, &event, &status);
		CHECK(irp);
		CHECK(IoCallDriver(&lower_device, irp) == STATUS_PENDING);
		CHECK(!KeReadStateEvent(&event));
		thread = harness_start(finish_in_thread, NULL);
		CHECK(thread);
		KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
		CHECK(status.Status == STATUS_SUCCESS && status.Information == 1);
		harness_join(thread);
	}
	return NULL;
}

/* --- cancel ------------------------------------------------------------------------------ */

const char *cancel_before_and_after(void)
{
	PIRP irp;

	prepare(STATUS_SUCCESS);
	irp = new_irp(1);
	CHECK(irp);
	/* Nobody to be told */
	CHECK(!IoCancelIrp(irp));
	CHECK(irp->Cancel);

	IoReuseIrp(irp, STATUS_SUCCESS);
	CHECK(!irp->Cancel);
	prepare_irp(irp);
	lower.pend = TRUE;
	CHECK(IoCallDriver(&lower_device, irp) == STATUS_PENDING);
	CHECK(IoCancelIrp(irp));
	CHECK(lower.cancelled == 1 && sender.completions == 1);
	CHECK(sender.status == STATUS_CANCELLED && irp->Cancel);
	CHECK(!IoCancelIrp(irp));
	CHECK(lower.cancelled == 1);
	CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
	IoFreeIrp(irp);
	return NULL;
}

static void cancel_in_thread(void *context)
{
	IoCancelIrp(context);
}

/* Either the cancel routine is called or whoever takes it back gets it, never both. */
const char *cancel_races_with_completion(void)
{
	LONG completed = 0, cancelled = 0;

	for (int i = 0; i < 1000; i++) {
		PIRP irp = new_irp(1);
		void *thread;

		CHECK(irp);
		prepare(STATUS_SUCCESS);
		lower.pend = TRUE;
		CHECK(IoCallDriver(&lower_device, irp) == STATUS_PENDING);
		thread = harness_start(cancel_in_thread, irp);
		CHECK(thread);
		KeStallExecutionProcessor(i % 50);
		if (IoSetCancelRoutine(irp, NULL)) {
			lower_finish(STATUS_SUCCESS);
			completed++;
		}
		KeWaitForSingleObject(&sender.done, Executive, KernelMode, FALSE, NULL);
		harness_join(thread);
		cancelled += lower.cancelled;
		CHECK(sender.completions == 1);
		CHECK(sender.status == (lower.cancelled ? STATUS_CANCELLED : STATUS_SUCCESS));
		IoFreeIrp(irp);
	}
	CHECK(completed + cancelled == 1000);
	return NULL;
}

static VOID send(PKDPC dpc, PVOID irp, PVOID argument1, PVOID argument2)
{
	IoCallDriver(&lower_device, irp);
}

/* In a DPC that interrupts this task: that is where it is queued from. */
static VOID send_in_dpc(PIRP irp)
{
	KIRQL irql;
	KDPC dpc;

	KeInitializeDpc(&dpc, send, irp);
	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	KeInsertQueueDpc(&dpc, NULL, NULL);
	KeLowerIrql(irql);
	KeFlushQueuedDpcs();
}

/*
 * The script kills the task that runs this, which waits as most drivers do: for as
 * long as it takes, for nothing but the answer.
 */
const char *wait_for_killed_request(void)
{
	IO_STATUS_BLOCK status = { { 1 }, 1 };
	PIRP irp, foreign;
	KEVENT event;

	prepare(STATUS_SUCCESS);
	lower.pend = TRUE;
	foreign = new_irp(1);
	CHECK(foreign);
	send_in_dpc(foreign);
	KeInitializeEvent(&event, NotificationEvent, FALSE);
	irp = IoBuildDeviceIoControlRequest(CODE, &lower_device, NULL, 0, NULL, 0, TRUE,
					    &event, &status);
	CHECK(irp);
	CHECK(IoCallDriver(&lower_device, irp) == STATUS_PENDING);
	DbgPrint("pta_windows: waiting\n");
	CHECK(KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL) ==
	      STATUS_SUCCESS);
	CHECK(lower.cancelled == 1);
	CHECK(status.Status == STATUS_CANCELLED);
	/* It is nobody's. */
	CHECK(!foreign->Cancel);
	CHECK(IoCancelIrp(foreign));
	IoFreeIrp(foreign);
	return NULL;
}
