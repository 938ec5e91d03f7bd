// SPDX-License-Identifier: GPL-2.0
/*
 * Requests that are answered at once.
 *
 *   ask DEVICE WHAT [short]	WHAT is port, more, pnp, free, release, init, rescan-off,
 *				rescan-on, unlock, unlock-no-deselect, idle, fdo, class,
 *				class-off or is-free. Output: the status, how many bytes
 *				were returned, and what was in them. With short, the buffer
 *				is a byte too short
 *   ask DEVICE WHAT VALUE [short]	WHAT is set or clear, and VALUE a chip's mode
 *   ask DEVICE deselect ID FLAGS [short]
 *   ask DEVICE select-short	a select whose buffer is a byte too short
 *   ask DEVICE code CODE	a code of whatever number
 *   major DEVICE create|cleanup|close
 */
#include <wdm.h>

#include "class.h"

NTSTATUS SendRequest(POPEN_DEVICE device, ULONG code, BOOLEAN internal, PVOID input,
		     ULONG inputLength, PVOID output, ULONG outputLength,
		     ULONG_PTR *information)
{
	IO_STATUS_BLOCK block = { .Information = 0 };
	NTSTATUS status;
	KEVENT event;
	PIRP irp;

	KeInitializeEvent(&event, NotificationEvent, FALSE);
	irp = IoBuildDeviceIoControlRequest(code, device->Device, input, inputLength,
					    output, outputLength, internal, &event, &block);
	if (!irp)
		return STATUS_INSUFFICIENT_RESOURCES;
	status = IoCallDriver(device->Device, irp);
	if (status == STATUS_PENDING) {
		KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
		status = block.Status;
	}
	*information = block.Information;
	return status;
}

/* What a request returned */
static union {
	PARALLEL_PORT_INFORMATION Port;
	MORE_PARALLEL_PORT_INFORMATION More;
	PARALLEL_PNP_INFORMATION Pnp;
	PARCLASS_INFORMATION Class;
	PDEVICE_OBJECT Device;
	BOOLEAN IsFree;
} Answer;

static VOID SayPort(POPEN_DEVICE device)
{
	device->Port = Answer.Port;
	class_say("base=%llx controller=%lx span=%u callbacks=%d",
		  Answer.Port.OriginalController.QuadPart,
		  (unsigned long)Answer.Port.Controller, Answer.Port.SpanOfController,
		  Answer.Port.TryAllocatePort && Answer.Port.FreePort &&
		  Answer.Port.QueryNumWaiters && Answer.Port.Context);
}

static VOID SayMore(POPEN_DEVICE device)
{
	class_say("level=%u vector=%u affinity=%d mode=%d bus=%d", Answer.More.InterruptLevel,
		  Answer.More.InterruptVector, Answer.More.InterruptAffinity != 0,
		  Answer.More.InterruptMode, Answer.More.InterfaceType);
}

static VOID SayPnp(POPEN_DEVICE device)
{
	CHAR name[16] = "";

	device->Pnp = Answer.Pnp;
	for (ULONG i = 0; i < 15 && Answer.Pnp.PortName[i]; i++)
		name[i] = (CHAR)Answer.Pnp.PortName[i];
	class_say("mode=%x devices=%u capabilities=%x ecp=%lx span=%u number=%u name=%s callbacks=%d",
		  Answer.Pnp.CurrentMode, Answer.Pnp.Ieee1284_3DeviceCount,
		  Answer.Pnp.HardwareCapabilities, (unsigned long)Answer.Pnp.EcpController,
		  Answer.Pnp.SpanOfEcpController, Answer.Pnp.PortNumber, name,
		  Answer.Pnp.TrySetChipMode && Answer.Pnp.ClearChipMode &&
		  Answer.Pnp.TrySelectDevice && Answer.Pnp.DeselectDevice && Answer.Pnp.Context);
}

static VOID SayClass(POPEN_DEVICE device)
{
	device->Class = Answer.Class;
	class_say("controller=%lx callbacks=%d never=%d", (unsigned long)Answer.Class.Controller,
		  Answer.Class.NegotiateIeeeMode && Answer.Class.ParallelRead &&
		  Answer.Class.ParallelWrite && Answer.Class.ParclassContext,
		  Answer.Class.ParallelTryselect || Answer.Class.ParallelDeSelect);
}

static VOID SayDevice(POPEN_DEVICE device)
{
	class_say("fdo=%d", Answer.Device && Answer.Device != device->Device);
	device->Device = Answer.Device;
}

static VOID SayIsFree(POPEN_DEVICE device)
{
	class_say("%d", Answer.IsFree);
}

/* Some codes have the same value, and differ in how they are sent. */
typedef struct _QUESTION {
	const char *Name;
	ULONG Code;
	BOOLEAN Public;
	ULONG OutputLength;
	VOID (*Say)(POPEN_DEVICE device);
} QUESTION;

static const QUESTION Questions[] = {
	{ "port", IOCTL_INTERNAL_GET_PARALLEL_PORT_INFO, FALSE,
	  sizeof(PARALLEL_PORT_INFORMATION), SayPort },
	{ "more", IOCTL_INTERNAL_GET_MORE_PARALLEL_PORT_INFO, FALSE,
	  sizeof(MORE_PARALLEL_PORT_INFORMATION), SayMore },
	{ "pnp", IOCTL_INTERNAL_GET_PARALLEL_PNP_INFO, FALSE,
	  sizeof(PARALLEL_PNP_INFORMATION), SayPnp },
	{ "free", IOCTL_INTERNAL_PARALLEL_PORT_FREE },
	{ "release", IOCTL_INTERNAL_RELEASE_PARALLEL_PORT_INFO },
	{ "init", IOCTL_INTERNAL_INIT_1284_3_BUS },
	{ "rescan-off", IOCTL_INTERNAL_DISABLE_END_OF_CHAIN_BUS_RESCAN },
	{ "rescan-on", IOCTL_INTERNAL_ENABLE_END_OF_CHAIN_BUS_RESCAN },
	{ "unlock", IOCTL_INTERNAL_UNLOCK_PORT },
	{ "unlock-no-deselect", IOCTL_INTERNAL_UNLOCK_PORT_NO_DESELECT },
	{ "idle", IOCTL_INTERNAL_DISCONNECT_IDLE },
	{ "fdo", IOCTL_INTERNAL_GET_PARPORT_FDO, FALSE, sizeof(PDEVICE_OBJECT), SayDevice },
	{ "class", IOCTL_INTERNAL_PARCLASS_CONNECT, FALSE, sizeof(PARCLASS_INFORMATION),
	  SayClass },
	{ "class-off", IOCTL_INTERNAL_PARCLASS_DISCONNECT },
	{ "is-free", IOCTL_PAR_IS_PORT_FREE, TRUE, sizeof(BOOLEAN), SayIsFree },
};

static VOID Ask(POPEN_DEVICE device, const QUESTION *question, ULONG outputLength)
{
	ULONG_PTR information;
	NTSTATUS status;

	RtlFillMemory(&Answer, sizeof(Answer), 0xa5);
	status = SendRequest(device, question->Code, !question->Public, NULL, 0,
			     outputLength ? &Answer : NULL, outputLength, &information);
	SayStatus(status);
	class_say("%u", (ULONG)information);
	if (NT_SUCCESS(status) && question->Say)
		question->Say(device);
}

static VOID Tell(POPEN_DEVICE device, ULONG code, ULONG inputLength, PVOID input)
{
	ULONG_PTR information;

	SayStatus(SendRequest(device, code, TRUE, input, inputLength, NULL, 0, &information));
	class_say("%u", (ULONG)information);
}

static int TellWithInput(POPEN_DEVICE device, char **argv)
{
	PARALLEL_1284_COMMAND command = { .ID = class_number(argv[3]),
					  .CommandFlags = class_number(argv[4]) };
	PARALLEL_CHIP_MODE mode = { .ModeFlags = class_number(argv[3]) };

	if (class_equal(argv[2], "set"))
		Tell(device, IOCTL_INTERNAL_PARALLEL_SET_CHIP_MODE,
		     sizeof(mode) - class_equal(argv[4], "short"), &mode);
	else if (class_equal(argv[2], "clear"))
		Tell(device, IOCTL_INTERNAL_PARALLEL_CLEAR_CHIP_MODE,
		     sizeof(mode) - class_equal(argv[4], "short"), &mode);
	else if (class_equal(argv[2], "deselect"))
		Tell(device, IOCTL_INTERNAL_DESELECT_DEVICE,
		     sizeof(command) - class_equal(argv[5], "short"), &command);
	else if (class_equal(argv[2], "select-short"))
		Tell(device, IOCTL_INTERNAL_SELECT_DEVICE, sizeof(command) - 1, &command);
	else if (class_equal(argv[2], "code"))
		Tell(device, class_number(argv[3]), 0, NULL);
	else
		return -1;
	return 0;
}

int class_ask(char **argv)
{
	POPEN_DEVICE device = OpenDevice(argv[1]);

	if (!device)
		return -1;
	for (ULONG i = 0; i < RTL_NUMBER_OF(Questions); i++) {
		ULONG length = Questions[i].OutputLength;

		if (!class_equal(argv[2], Questions[i].Name))
			continue;
		if (class_equal(argv[3], "short"))
			length--;
		Ask(device, &Questions[i], length);
		return 0;
	}
	return TellWithInput(device, argv);
}

static NTSTATUS MajorDone(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
	KeSetEvent(context, IO_NO_INCREMENT, FALSE);
	return STATUS_MORE_PROCESSING_REQUIRED;
}

NTSTATUS SendMajor(POPEN_DEVICE device, UCHAR major, ULONG_PTR *information)
{
	PIRP irp = IoAllocateIrp(device->Device->StackSize, FALSE);
	NTSTATUS status;
	KEVENT event;

	if (!irp)
		return STATUS_INSUFFICIENT_RESOURCES;
	KeInitializeEvent(&event, NotificationEvent, FALSE);
	IoGetNextIrpStackLocation(irp)->MajorFunction = major;
	IoSetCompletionRoutine(irp, MajorDone, &event, TRUE, TRUE, TRUE);
	status = IoCallDriver(device->Device, irp);
	KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
	*information = irp->IoStatus.Information;
	IoFreeIrp(irp);
	return status;
}

int class_major(char **argv)
{
	POPEN_DEVICE device = OpenDevice(argv[1]);
	ULONG_PTR information = 0;

	if (!device)
		return -1;
	SayStatus(SendMajor(device, class_equal(argv[2], "create") ? IRP_MJ_CREATE :
				    class_equal(argv[2], "cleanup") ? IRP_MJ_CLEANUP :
				    IRP_MJ_CLOSE, &information));
	class_say("%u", (ULONG)information);
	return 0;
}
