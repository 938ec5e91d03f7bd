// SPDX-License-Identifier: GPL-2.0
/*
 * What is between the fields of an answer, and behind them. The buffer of the request is
 * the one that is looked at, and is full of something else before.
 *
 *   padding DEVICE WHAT	WHAT is port, more, pnp or class. Output: the status, and how
 *				many bytes there are that are not zero
 */
#include <wdm.h>

#include "class.h"

/* None is longer than the last. */
static union {
	PARALLEL_PORT_INFORMATION Port;
	MORE_PARALLEL_PORT_INFORMATION More;
	PARALLEL_PNP_INFORMATION Pnp;
	PARCLASS_INFORMATION Class;
	UCHAR Bytes[sizeof(PARCLASS_INFORMATION)];
} Answer;

/* Where a gap begins and where it ends */
typedef struct _GAP {
	ULONG Begin;
	ULONG End;
} GAP;

#define BEHIND(type, field)	(FIELD_OFFSET(type, field) + sizeof(((type *)0)->field))
#define BETWEEN(type, a, b)	{ BEHIND(type, a), FIELD_OFFSET(type, b) }

static const struct {
	const char *Name;
	ULONG Code;
	ULONG Length;
	GAP Gaps[2];
} Answers[] = {
	{ "port", IOCTL_INTERNAL_GET_PARALLEL_PORT_INFO, sizeof(PARALLEL_PORT_INFORMATION), {
		BETWEEN(PARALLEL_PORT_INFORMATION, SpanOfController, TryAllocatePort) } },
	{ "more", IOCTL_INTERNAL_GET_MORE_PARALLEL_PORT_INFO,
	  sizeof(MORE_PARALLEL_PORT_INFORMATION), {
		{ BEHIND(MORE_PARALLEL_PORT_INFORMATION, InterruptMode),
		  sizeof(MORE_PARALLEL_PORT_INFORMATION) } } },
	{ "pnp", IOCTL_INTERNAL_GET_PARALLEL_PNP_INFO, sizeof(PARALLEL_PNP_INFORMATION), {
		BETWEEN(PARALLEL_PNP_INFORMATION, HardwareCapabilities, TrySetChipMode),
		BETWEEN(PARALLEL_PNP_INFORMATION, CurrentMode, PortName) } },
	{ "class", IOCTL_INTERNAL_PARCLASS_CONNECT, sizeof(PARCLASS_INFORMATION), {
		BETWEEN(PARCLASS_INFORMATION, SpanOfController, DetermineIeeeModes),
		BETWEEN(PARCLASS_INFORMATION, FifoWidth, ParallelTryselect) } },
};

static NTSTATUS Done(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
	return STATUS_MORE_PROCESSING_REQUIRED;
}

/* These are all answered at once. */
static NTSTATUS Ask(PDEVICE_OBJECT device, ULONG code, ULONG length)
{
	PIRP irp = IoAllocateIrp(device->StackSize, FALSE);
	PIO_STACK_LOCATION next;
	NTSTATUS status;

	if (!irp)
		return STATUS_INSUFFICIENT_RESOURCES;
	RtlFillMemory(&Answer, sizeof(Answer), 0xa5);
	irp->AssociatedIrp.SystemBuffer = &Answer;
	next = IoGetNextIrpStackLocation(irp);
	next->MajorFunction = IRP_MJ_INTERNAL_DEVICE_CONTROL;
	next->Parameters.DeviceIoControl.IoControlCode = code;
	next->Parameters.DeviceIoControl.OutputBufferLength = length;
	IoSetCompletionRoutine(irp, Done, NULL, TRUE, TRUE, TRUE);
	status = IoCallDriver(device, irp);
	IoFreeIrp(irp);
	return status;
}

int class_padding(char **argv)
{
	POPEN_DEVICE device = OpenDevice(argv[1]);
	ULONG dirty = 0;

	if (!device)
		return -1;
	for (ULONG i = 0; i < RTL_NUMBER_OF(Answers); i++) {
		if (!class_equal(argv[2], Answers[i].Name))
			continue;
		SayStatus(Ask(device->Device, Answers[i].Code, Answers[i].Length));
		for (ULONG gap = 0; gap < RTL_NUMBER_OF(Answers[i].Gaps); gap++)
			for (ULONG byte = Answers[i].Gaps[gap].Begin;
			     byte < Answers[i].Gaps[gap].End; byte++)
				dirty += Answer.Bytes[byte] != 0;
		class_say("%u", dirty);
		return 0;
	}
	return -1;
}
