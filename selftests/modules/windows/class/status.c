// SPDX-License-Identifier: GPL-2.0
/*
 * The names of statuses.
 */
#include <wdm.h>

#include "class.h"

#define NAME(status) { STATUS_##status, #status },

static const struct {
	NTSTATUS Status;
	const char *Name;
} Names[] = {
	NAME(SUCCESS)
	NAME(PENDING)
	NAME(DEVICE_BUSY)
	NAME(UNSUCCESSFUL)
	NAME(INVALID_PARAMETER)
	NAME(NO_SUCH_DEVICE)
	NAME(INVALID_DEVICE_REQUEST)
	NAME(ACCESS_DENIED)
	NAME(BUFFER_TOO_SMALL)
	NAME(OBJECT_NAME_INVALID)
	NAME(OBJECT_NAME_NOT_FOUND)
	NAME(DELETE_PENDING)
	NAME(INSUFFICIENT_RESOURCES)
	NAME(IO_TIMEOUT)
	NAME(NOT_SUPPORTED)
	NAME(CANCELLED)
	NAME(INVALID_DEVICE_STATE)
	NAME(DEVICE_PROTOCOL_ERROR)
	NAME(DEVICE_REMOVED)
};

const char *StatusName(NTSTATUS status)
{
	for (ULONG i = 0; i < RTL_NUMBER_OF(Names); i++)
		if (Names[i].Status == status)
			return Names[i].Name;
	return "?";
}

VOID SayStatus(NTSTATUS status)
{
	class_say("%s", StatusName(status));
}
