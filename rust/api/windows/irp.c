// SPDX-License-Identifier: GPL-2.0
/*
 * IRPs: their memory, their way down to a driver, and their way back up.
 */

#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/minmax.h>
#include <linux/pid.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "runtime.h"

#define IRP_TYPE	6

/* Made by IoBuildDeviceIoControlRequest(): it and its buffer are freed at the end. */
#define IRP_BUILT	0x01

/* --- life -------------------------------------------------------------------- */

static PIO_STACK_LOCATION first_location(PIRP irp)
{
	return (PIO_STACK_LOCATION)(irp + 1) + irp->StackCount - 1;
}

void pta_win_initialize_irp(PIRP irp, USHORT size, CCHAR stack_size)
{
	memset(irp, 0, size);
	irp->Type = IRP_TYPE;
	irp->Size = size;
	irp->StackCount = stack_size;
	irp->CurrentLocation = stack_size + 1;
	irp->Tail.Overlay.CurrentStackLocation = first_location(irp) + 1;
	InitializeListHead(&irp->ThreadListEntry);
}
EXPORT_SYMBOL_NS_GPL(pta_win_initialize_irp, "PARPORT_TRY_ALLOC");

PIRP pta_win_allocate_irp(CCHAR stack_size)
{
	PIRP irp;

	if (stack_size < 1)
		return NULL;
	irp = kmalloc(IoSizeOfIrp(stack_size), pta_win_gfp());
	if (irp)
		pta_win_initialize_irp(irp, IoSizeOfIrp(stack_size), stack_size);
	return irp;
}
EXPORT_SYMBOL_NS_GPL(pta_win_allocate_irp, "PARPORT_TRY_ALLOC");

void pta_win_reuse_irp(PIRP irp, NTSTATUS status)
{
	pta_win_initialize_irp(irp, irp->Size, irp->StackCount);
	irp->IoStatus.Status = status;
}
EXPORT_SYMBOL_NS_GPL(pta_win_reuse_irp, "PARPORT_TRY_ALLOC");

void pta_win_free_irp(PIRP irp)
{
	if (irp->AllocationFlags & IRP_BUILT)
		kfree(irp->AssociatedIrp.SystemBuffer);
	kfree(irp);
}
EXPORT_SYMBOL_NS_GPL(pta_win_free_irp, "PARPORT_TRY_ALLOC");

/* The buffers are copied, whatever the code says: so do all requests of the port. */
PIRP pta_win_build_request(ULONG code, PDEVICE_OBJECT device, PVOID input,
			   ULONG input_length, PVOID output,
			   ULONG output_length, BOOLEAN internal, PKEVENT event,
			   PIO_STATUS_BLOCK status)
{
	ULONG length = max(input_length, output_length);
	PIO_STACK_LOCATION next;
	PIRP irp;

	irp = pta_win_allocate_irp(device->StackSize);
	if (!irp)
		return NULL;
	irp->AllocationFlags |= IRP_BUILT;
	if (length) {
		irp->AssociatedIrp.SystemBuffer = kzalloc(length, pta_win_gfp());
		if (!irp->AssociatedIrp.SystemBuffer) {
			pta_win_free_irp(irp);
			return NULL;
		}
		if (input_length)
			memcpy(irp->AssociatedIrp.SystemBuffer, input, input_length);
	}
	irp->UserBuffer = output;
	irp->UserEvent = event;
	irp->UserIosb = status;

	next = IoGetNextIrpStackLocation(irp);
	next->MajorFunction = internal ? IRP_MJ_INTERNAL_DEVICE_CONTROL :
					 IRP_MJ_DEVICE_CONTROL;
	next->Parameters.DeviceIoControl.IoControlCode = code;
	next->Parameters.DeviceIoControl.InputBufferLength = input_length;
	next->Parameters.DeviceIoControl.OutputBufferLength = output_length;
	return irp;
}
EXPORT_SYMBOL_NS_GPL(pta_win_build_request, "PARPORT_TRY_ALLOC");

/* --- cancel ------------------------------------------------------------------ */

/*
 * The cancel lock: it decides between a cancel and whatever else happens to an IRP,
 * and it protects the list of the IRPs that are under way.
 */
static DEFINE_SPINLOCK(cancel_lock);
static LIST_ENTRY under_way = { &under_way, &under_way };

KIRQL pta_win_acquire_cancel_lock(void)
{
	KIRQL irql = pta_win_irql();

	spin_lock_bh(&cancel_lock);
	return irql;
}
EXPORT_SYMBOL_NS_GPL(pta_win_acquire_cancel_lock, "PARPORT_TRY_ALLOC");

void pta_win_release_cancel_lock(KIRQL irql)
{
	spin_unlock_bh(&cancel_lock);
}
EXPORT_SYMBOL_NS_GPL(pta_win_release_cancel_lock, "PARPORT_TRY_ALLOC");

/* Called with the cancel lock held, and gives it back. */
static BOOLEAN cancel(PIRP irp, KIRQL irql)
{
	PDRIVER_CANCEL routine;

	/* Who sets a routine looks at this after, and not before. */
	WRITE_ONCE(irp->Cancel, TRUE);
	routine = IoSetCancelRoutine(irp, NULL);
	if (!routine) {
		pta_win_release_cancel_lock(irql);
		return FALSE;
	}
	irp->CancelIrql = irql;
	routine(IoGetCurrentIrpStackLocation(irp)->DeviceObject, irp);
	return TRUE;
}

BOOLEAN pta_win_cancel_irp(PIRP irp)
{
	return cancel(irp, pta_win_acquire_cancel_lock());
}
EXPORT_SYMBOL_NS_GPL(pta_win_cancel_irp, "PARPORT_TRY_ALLOC");

BOOLEAN pta_win_set_cancel(PIRP irp, PDRIVER_CANCEL routine)
{
	KIRQL irql = pta_win_acquire_cancel_lock();
	BOOLEAN cancelled = irp->Cancel;

	if (!cancelled)
		IoSetCancelRoutine(irp, routine);
	pta_win_release_cancel_lock(irql);
	return !cancelled;
}

BOOLEAN pta_win_clear_cancel(PIRP irp)
{
	return !!IoSetCancelRoutine(irp, NULL);
}

/*
 * A process is known by its pid, which its IRPs have references to: a later one cannot
 * be taken for it.
 */
static PIRP own_irp(void)
{
	for (PLIST_ENTRY entry = under_way.Flink; entry != &under_way; entry = entry->Flink) {
		PIRP irp = CONTAINING_RECORD(entry, IRP, ThreadListEntry);

		if (irp->PtaProcess == task_tgid(current) && !irp->Cancel)
			return irp;
	}
	return NULL;
}

void pta_win_cancel_own_irps(void)
{
	for (;;) {
		KIRQL irql = pta_win_acquire_cancel_lock();
		PIRP irp = own_irp();

		if (!irp) {
			pta_win_release_cancel_lock(irql);
			return;
		}
		cancel(irp, irql);
	}
}

/* --- down, and up again ------------------------------------------------------ */

/* What a DPC sends is sent by nobody, and not by the task that it interrupts. */
static void set_out(PIRP irp)
{
	KIRQL irql = pta_win_acquire_cancel_lock();

	if (IsListEmpty(&irp->ThreadListEntry)) {
		irp->PtaProcess = in_task() ? get_pid(task_tgid(current)) : NULL;
		InsertTailList(&under_way, &irp->ThreadListEntry);
	}
	pta_win_release_cancel_lock(irql);
}

static void arrive(PIRP irp)
{
	KIRQL irql = pta_win_acquire_cancel_lock();
	struct pid *process = irp->PtaProcess;

	irp->PtaProcess = NULL;
	RemoveEntryList(&irp->ThreadListEntry);
	InitializeListHead(&irp->ThreadListEntry);
	IoSetCancelRoutine(irp, NULL);
	pta_win_release_cancel_lock(irql);
	put_pid(process);
}

static NTSTATUS refuse(PDEVICE_OBJECT device, PIRP irp)
{
	pta_win_complete(irp, STATUS_INVALID_DEVICE_REQUEST, 0);
	return STATUS_INVALID_DEVICE_REQUEST;
}

/* Windows fills what a driver leaves out; here it is left NULL. */
static PDRIVER_DISPATCH dispatch_routine(PDRIVER_OBJECT driver, UCHAR function)
{
	if (function > IRP_MJ_MAXIMUM_FUNCTION)
		return refuse;
	return driver->MajorFunction[function] ?: refuse;
}

NTSTATUS pta_win_call_driver(PDEVICE_OBJECT device, PIRP irp)
{
	PIO_STACK_LOCATION location;

	if (WARN_ONCE(irp->CurrentLocation <= 1, "no more IRP stack locations"))
		return STATUS_INVALID_PARAMETER;
	set_out(irp);
	IoSetNextIrpStackLocation(irp);
	location = IoGetCurrentIrpStackLocation(irp);
	location->DeviceObject = device;
	if (device->DriverObject)
		return dispatch_routine(device->DriverObject,
					location->MajorFunction)(device, irp);
	return pta_win_dispatch(device, irp);
}
EXPORT_SYMBOL_NS_GPL(pta_win_call_driver, "PARPORT_TRY_ALLOC");

/* What whoever built the IRP is to find, the event being last: he may be gone then. */
static void finish(PIRP irp)
{
	IO_STATUS_BLOCK status = irp->IoStatus;
	PKEVENT event = irp->UserEvent;

	if (irp->UserIosb)
		*irp->UserIosb = status;
	if (irp->AllocationFlags & IRP_BUILT) {
		ULONG length = first_location(irp)->Parameters.DeviceIoControl.OutputBufferLength;

		if (!NT_ERROR(status.Status) && irp->UserBuffer)
			memcpy(irp->UserBuffer, irp->AssociatedIrp.SystemBuffer,
			       min_t(ULONG_PTR, status.Information, length));
		pta_win_free_irp(irp);
	}
	if (event)
		pta_win_set_event(event);
}

static bool wants_to_know(PIO_STACK_LOCATION location, PIRP irp)
{
	UCHAR when = NT_SUCCESS(irp->IoStatus.Status) ? SL_INVOKE_ON_SUCCESS :
							SL_INVOKE_ON_ERROR;

	/* It may be cancelled just now, with nothing left to call. */
	if (READ_ONCE(irp->Cancel))
		when |= SL_INVOKE_ON_CANCEL;
	return location->CompletionRoutine && (location->Control & when);
}

void pta_win_complete_request(PIRP irp)
{
	arrive(irp);
	while (irp->CurrentLocation <= irp->StackCount) {
		PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
		bool is_wanted = wants_to_know(location, irp);
		PDEVICE_OBJECT above = NULL;
		bool is_last;

		irp->PendingReturned = !!(location->Control & SL_PENDING_RETURNED);
		location->Control = 0;
		IoSkipCurrentIrpStackLocation(irp);
		is_last = irp->CurrentLocation > irp->StackCount;
		if (!is_last)
			above = IoGetCurrentIrpStackLocation(irp)->DeviceObject;
		if (is_wanted) {
			if (location->CompletionRoutine(above, irp, location->Context) ==
			    STATUS_MORE_PROCESSING_REQUIRED)
				return;
		} else if (irp->PendingReturned && !is_last) {
			IoMarkIrpPending(irp);
		}
	}
	finish(irp);
}
EXPORT_SYMBOL_NS_GPL(pta_win_complete_request, "PARPORT_TRY_ALLOC");

void pta_win_complete(PIRP irp, NTSTATUS status, ULONG_PTR information)
{
	irp->IoStatus.Status = status;
	irp->IoStatus.Information = information;
	pta_win_complete_request(irp);
}
