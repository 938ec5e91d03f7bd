// SPDX-License-Identifier: GPL-2.0
/*
 * A Windows class driver to copy from: the driver of a thing on a parallel port
 * that raises an interrupt when it wants attention. There is nothing of Linux in
 * this file, and the WDK compiles it, too; linux.c makes a Linux module of it.
 *
 * The interrupt comes when it likes, also while somebody else owns the port. So
 * the interrupt service routine *tries* to allocate the port:
 *
 *  - TRUE: the port is ours. A DPC does the work and frees the port.
 *  - FALSE: somebody else has it. The ISR remembers that there is work to do, and
 *    the deferred port check looks again when the port was freed.
 *
 * Documentation/porting.rst is the guide that goes with it.
 */
#include <ntddk.h>
#include <parallel.h>

#include "driver.h"

/* Windows counts time in units of 100 ns, and from now on if it is below zero. */
#define UNITS_PER_MS	10000

typedef struct _SAMPLE_EXTENSION {
	PFILE_OBJECT FileObject;
	PDEVICE_OBJECT PortDevice;
	PARALLEL_PORT_INFORMATION Port;
	KDPC Dpc;

	/* The rest is shared with the ISR, and used under the interrupt lock. */
	PARALLEL_INTERRUPT_INFORMATION Interrupt;	/* zero until we are connected */
	BOOLEAN Working;	/* the port is ours, the DPC is coming */
	ULONG Pending;		/* interrupts whose work is not done yet */
	ULONG Missed;		/* interrupts that found the port taken */
} SAMPLE_EXTENSION, *PSAMPLE_EXTENSION;

static SAMPLE_EXTENSION Sample;

ULONG SamplePort;
ULONG SampleTimeLimit = 500;

/* --- requests to the port ----------------------------------------------------- */

/* Sends a request that is answered soon, and waits for the answer. */
static NTSTATUS SampleRequest(PSAMPLE_EXTENSION Extension, ULONG Code,
			      PVOID Input, ULONG InputLength,
			      PVOID Output, ULONG OutputLength)
{
	IO_STATUS_BLOCK IoStatus;
	NTSTATUS Status;
	KEVENT Done;
	PIRP Irp;

	KeInitializeEvent(&Done, NotificationEvent, FALSE);
	Irp = IoBuildDeviceIoControlRequest(Code, Extension->PortDevice, Input, InputLength,
					    Output, OutputLength, TRUE, &Done, &IoStatus);
	if (!Irp)
		return STATUS_INSUFFICIENT_RESOURCES;

	/* The IRP frees itself: it is not to be touched any more. */
	Status = IoCallDriver(Extension->PortDevice, Irp);
	if (Status == STATUS_PENDING) {
		KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, NULL);
		Status = IoStatus.Status;
	}
	return Status;
}

/* May run inside another driver's free, at DISPATCH_LEVEL: so it only tells. */
static NTSTATUS SampleAllocated(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context)
{
	UNREFERENCED_PARAMETER(Device);
	UNREFERENCED_PARAMETER(Irp);
	KeSetEvent(Context, IO_NO_INCREMENT, FALSE);
	/* The IRP stays ours. */
	return STATUS_MORE_PROCESSING_REQUIRED;
}

/*
 * Waits in line for the port, at PASSIVE_LEVEL, but not for ever. We must not own
 * it: whoever waits for a port that is his own waits for himself.
 */
static NTSTATUS SampleAllocate(PSAMPLE_EXTENSION Extension)
{
	PIO_STACK_LOCATION Next;
	BOOLEAN Late = FALSE;
	LARGE_INTEGER Limit;
	NTSTATUS Status;
	KEVENT Done;
	PIRP Irp;

	Irp = IoAllocateIrp(Extension->PortDevice->StackSize, FALSE);
	if (!Irp)
		return STATUS_INSUFFICIENT_RESOURCES;
	Next = IoGetNextIrpStackLocation(Irp);
	Next->MajorFunction = IRP_MJ_INTERNAL_DEVICE_CONTROL;
	Next->Parameters.DeviceIoControl.IoControlCode = IOCTL_INTERNAL_PARALLEL_PORT_ALLOCATE;
	KeInitializeEvent(&Done, NotificationEvent, FALSE);
	IoSetCompletionRoutine(Irp, SampleAllocated, &Done, TRUE, TRUE, TRUE);

	if (IoCallDriver(Extension->PortDevice, Irp) == STATUS_PENDING) {
		Limit.QuadPart = (LONGLONG)SampleTimeLimit * -UNITS_PER_MS;
		if (KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, &Limit) ==
		    STATUS_TIMEOUT) {
			Late = TRUE;
			IoCancelIrp(Irp);
			/* Even so the IRP is the port's until it is completed. */
			KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, NULL);
		}
	}

	/* The port may have been granted just before the cancel: then it is ours. */
	Status = Irp->IoStatus.Status;
	if (Late && Status == STATUS_CANCELLED)
		Status = STATUS_IO_TIMEOUT;
	IoFreeIrp(Irp);
	return Status;
}

/* --- interrupts --------------------------------------------------------------- */

/* The port is to be had, perhaps: take it and call the DPC. At the ISR's IRQL. */
static BOOLEAN SampleTake(PSAMPLE_EXTENSION Extension)
{
	PARALLEL_INTERRUPT_INFORMATION *Interrupt = &Extension->Interrupt;

	/* Connecting may bring the first interrupt before it says how to allocate. */
	if (!Interrupt->TryAllocatePortAtInterruptLevel ||
	    !Interrupt->TryAllocatePortAtInterruptLevel(Interrupt->Context))
		return FALSE;
	Extension->Working = TRUE;
	KeInsertQueueDpc(&Extension->Dpc, NULL, NULL);
	return TRUE;
}

static BOOLEAN SampleIsr(PKINTERRUPT Interrupt, PVOID Context)
{
	PSAMPLE_EXTENSION Extension = Context;

	UNREFERENCED_PARAMETER(Interrupt);
	/*
	 * Quieten the device first, or it interrupts for ever. On this one a look at
	 * the status does it. Reading is allowed to everybody; only the owner of the
	 * port may write.
	 */
	READ_PORT_UCHAR(Extension->Port.Controller + DSR_OFFSET);

	Extension->Pending++;
	if (Extension->Working) {
		DbgPrint("pta_sample_windows: interrupt: left to the DPC\n");
	} else if (SampleTake(Extension)) {
		DbgPrint("pta_sample_windows: interrupt: try is TRUE\n");
	} else {
		Extension->Missed++;
		DbgPrint("pta_sample_windows: interrupt: try is FALSE, work is pending\n");
	}

	/*
	 * It was our interrupt, whether or not we got the port. A driver that can
	 * tell its own device's interrupts from others says FALSE to the others.
	 */
	return TRUE;
}

/* After a free that left the port free, and beside no ISR */
static VOID SamplePortCheck(PVOID Context)
{
	PSAMPLE_EXTENSION Extension = Context;

	if (Extension->Pending && !Extension->Working && SampleTake(Extension))
		DbgPrint("pta_sample_windows: port check: try is TRUE\n");
}

typedef struct _SAMPLE_WORK {
	PSAMPLE_EXTENSION Extension;
	ULONG Interrupts;
} SAMPLE_WORK, *PSAMPLE_WORK;

/* In step with the ISR: how much is there to do? If nothing, the DPC is through. */
static BOOLEAN SampleTakeWork(PVOID Context)
{
	PSAMPLE_WORK Work = Context;

	Work->Interrupts = Work->Extension->Pending;
	Work->Extension->Pending = 0;
	Work->Extension->Working = Work->Interrupts != 0;
	return Work->Extension->Working;
}

/* At DISPATCH_LEVEL, with the port ours: so its registers are. */
static VOID SampleDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
	PSAMPLE_EXTENSION Extension = Context;
	SAMPLE_WORK Work;
	ULONG Served = 0;

	UNREFERENCED_PARAMETER(Dpc);
	UNREFERENCED_PARAMETER(Argument1);
	UNREFERENCED_PARAMETER(Argument2);

	Work.Extension = Extension;
	while (KeSynchronizeExecution(Extension->Interrupt.InterruptObject,
				      SampleTakeWork, &Work)) {
		/* A real device would be served here; this one is only told a number. */
		WRITE_PORT_UCHAR(Extension->Port.Controller + DATA_OFFSET,
				 (UCHAR)Work.Interrupts);
		Served += Work.Interrupts;
	}

	/*
	 * The ISR finds the port taken if it runs just now, and remembers its work.
	 * This free brings the port check, which finds that.
	 */
	Extension->Port.FreePort(Extension->Port.Context);
	DbgPrint("pta_sample_windows: DPC: %lu interrupt(s) served, port freed\n", Served);
}

typedef struct _SAMPLE_CONNECTION {
	PSAMPLE_EXTENSION Extension;
	PARALLEL_INTERRUPT_INFORMATION Interrupt;
} SAMPLE_CONNECTION, *PSAMPLE_CONNECTION;

/* In step with the ISR, which may be waiting for this: it looks at all of it or none. */
static BOOLEAN SampleConnected(PVOID Context)
{
	PSAMPLE_CONNECTION Connection = Context;

	Connection->Extension->Interrupt = Connection->Interrupt;
	SamplePortCheck(Connection->Extension);
	return TRUE;
}

static PARALLEL_INTERRUPT_SERVICE_ROUTINE SampleService = {
	SampleIsr, &Sample, SamplePortCheck, &Sample
};

static NTSTATUS SampleConnect(PSAMPLE_EXTENSION Extension)
{
	SAMPLE_CONNECTION Connection;
	NTSTATUS Status;

	Connection.Extension = Extension;
	Status = SampleRequest(Extension, IOCTL_INTERNAL_PARALLEL_CONNECT_INTERRUPT,
			       &SampleService, sizeof(SampleService),
			       &Connection.Interrupt, sizeof(Connection.Interrupt));
	if (NT_SUCCESS(Status))
		KeSynchronizeExecution(Connection.Interrupt.InterruptObject, SampleConnected,
				       &Connection);
	return Status;
}

/* --- the device, apart from its interrupts -------------------------------------- */

/* Has the device quiet. It does not interrupt us then, so we may wait. */
static NTSTATUS SampleReset(PSAMPLE_EXTENSION Extension)
{
	NTSTATUS Status = SampleAllocate(Extension);

	if (NT_SUCCESS(Status)) {
		WRITE_PORT_UCHAR(Extension->Port.Controller + DATA_OFFSET, 0);
		Extension->Port.FreePort(Extension->Port.Context);
	}
	return Status;
}

static NTSTATUS SampleOpen(PSAMPLE_EXTENSION Extension, ULONG Number)
{
	WCHAR NameBuffer[32], DigitsBuffer[12];
	UNICODE_STRING Name, Digits;
	NTSTATUS Status;

	Name.Length = 0;
	Name.MaximumLength = sizeof(NameBuffer);
	Name.Buffer = NameBuffer;
	Digits.Length = 0;
	Digits.MaximumLength = sizeof(DigitsBuffer);
	Digits.Buffer = DigitsBuffer;

	Status = RtlIntegerToUnicodeString(Number, 10, &Digits);
	if (NT_SUCCESS(Status))
		Status = RtlAppendUnicodeToString(&Name,
						  L"\\Device\\" DD_PARALLEL_PORT_BASE_NAME_U);
	if (NT_SUCCESS(Status))
		Status = RtlAppendUnicodeStringToString(&Name, &Digits);
	if (NT_SUCCESS(Status))
		Status = IoGetDeviceObjectPointer(&Name, FILE_READ_ATTRIBUTES,
						  &Extension->FileObject, &Extension->PortDevice);
	if (!NT_SUCCESS(Status))
		DbgPrint("pta_sample_windows: cannot open %wZ: status %08lx\n", &Name, Status);
	return Status;
}

/* --- from the first to the last --------------------------------------------------- */

/* From the bottom up: what the ISR uses has to be there before it is connected. */
static NTSTATUS SampleStart(PSAMPLE_EXTENSION Extension)
{
	PARALLEL_PNP_INFORMATION Pnp;
	NTSTATUS Status;

	Status = SampleRequest(Extension, IOCTL_INTERNAL_GET_PARALLEL_PORT_INFO, NULL, 0,
			       &Extension->Port, sizeof(Extension->Port));
	if (NT_SUCCESS(Status))
		Status = SampleRequest(Extension, IOCTL_INTERNAL_GET_PARALLEL_PNP_INFO, NULL, 0,
				       &Pnp, sizeof(Pnp));
	if (!NT_SUCCESS(Status)) {
		DbgPrint("pta_sample_windows: nothing is known of the port: status %08lx\n",
			 Status);
		return Status;
	}

	Status = SampleReset(Extension);
	if (!NT_SUCCESS(Status)) {
		DbgPrint("pta_sample_windows: cannot allocate %ws: status %08lx\n",
			 Pnp.PortName, Status);
		return Status;
	}

	/* The last thing that can fail: nothing has to be undone for it. */
	Status = SampleConnect(Extension);
	if (Status == STATUS_UNSUCCESSFUL)
		DbgPrint("pta_sample_windows: connecting interrupts is switched off\n");
	else if (!NT_SUCCESS(Status))
		DbgPrint("pta_sample_windows: cannot connect interrupts of %ws: status %08lx\n",
			 Pnp.PortName, Status);
	else
		DbgPrint("pta_sample_windows: waiting for interrupts of %ws\n", Pnp.PortName);
	return Status;
}

static VOID SampleUnload(PDRIVER_OBJECT Driver)
{
	NTSTATUS Status;

	UNREFERENCED_PARAMETER(Driver);
	/*
	 * From the top down. When the interrupt is disconnected, neither the ISR nor
	 * the port check runs, and nobody queues the DPC. It may be queued, with the
	 * port in its hands: so it is waited for and not taken out of the queue.
	 */
	SampleRequest(&Sample, IOCTL_INTERNAL_PARALLEL_DISCONNECT_INTERRUPT,
		      &SampleService, sizeof(SampleService), NULL, 0);
	KeFlushQueuedDpcs();

	Status = SampleReset(&Sample);
	if (!NT_SUCCESS(Status))
		DbgPrint("pta_sample_windows: the device stays as it is: status %08lx\n",
			 Status);
	ObDereferenceObject(Sample.FileObject);
	DbgPrint("pta_sample_windows: done, %lu interrupt(s) found the port taken\n",
		 Sample.Missed);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath)
{
	NTSTATUS Status;

	UNREFERENCED_PARAMETER(RegistryPath);
	KeInitializeDpc(&Sample.Dpc, SampleDpc, &Sample);

	Status = SampleOpen(&Sample, SamplePort);
	if (!NT_SUCCESS(Status))
		return Status;
	Status = SampleStart(&Sample);
	if (!NT_SUCCESS(Status)) {
		ObDereferenceObject(Sample.FileObject);
		return Status;
	}
	Driver->DriverUnload = SampleUnload;
	return STATUS_SUCCESS;
}
