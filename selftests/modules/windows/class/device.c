// SPDX-License-Identifier: GPL-2.0
/*
 * Devices.
 *
 *   open DEVICE NAME	DEVICE is a letter from a to h. In NAME, # stands for a backslash
 *   reference DEVICE	one more to the device object
 *   close DEVICE	disconnects, and gives the reference to the file object back
 *   close DEVICE device	gives one to the device object back
 */
#include <wdm.h>

#include "class.h"

static OPEN_DEVICE Devices[8];

static POPEN_DEVICE Slot(const char *letter)
{
	ULONG i = letter[0] - 'a';

	return i < RTL_NUMBER_OF(Devices) && !letter[1] ? &Devices[i] : NULL;
}

POPEN_DEVICE OpenDevice(const char *letter)
{
	POPEN_DEVICE device = Slot(letter);

	return device && device->File ? device : NULL;
}

NTSTATUS OpenByName(POPEN_DEVICE device, const char *text)
{
	WCHAR buffer[48];
	UNICODE_STRING name = { .Buffer = buffer, .MaximumLength = sizeof(buffer) };
	NTSTATUS status;

	for (const char *c = text; *c && name.Length < sizeof(buffer); c++) {
		buffer[name.Length / sizeof(WCHAR)] = *c == '#' ? '\\' : *c;
		name.Length += sizeof(WCHAR);
	}
	RtlZeroMemory(device, sizeof(*device));
	status = IoGetDeviceObjectPointer(&name, FILE_READ_DATA, &device->File, &device->Device);
	if (!NT_SUCCESS(status))
		device->File = NULL;
	return status;
}

int class_open(char **argv)
{
	POPEN_DEVICE device = Slot(argv[1]);

	if (!device || device->File)
		return -1;
	SayStatus(OpenByName(device, argv[2]));
	device->Letter = argv[1][0];
	return 0;
}

int class_reference(char **argv)
{
	POPEN_DEVICE device = OpenDevice(argv[1]);

	if (!device)
		return -1;
	ObReferenceObject(device->Device);
	return 0;
}

int class_close(char **argv)
{
	POPEN_DEVICE device = OpenDevice(argv[1]);

	if (!device)
		return -1;
	if (class_equal(argv[2], "device")) {
		ObDereferenceObject(device->Device);
		return 0;
	}
	DisconnectAll(device);
	ObDereferenceObject(device->File);
	device->File = NULL;
	return 0;
}

/* What is connected stays so: the module being gone has to do for that. */
void class_end(void)
{
	POPEN_DEVICE left;

	EndRace();
	CancelRequests();
	left = LeaveOpen();
	for (ULONG i = 0; i < RTL_NUMBER_OF(Devices); i++)
		if (Devices[i].File && &Devices[i] != left)
			ObDereferenceObject(Devices[i].File);
}
