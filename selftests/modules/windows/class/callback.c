// SPDX-License-Identifier: GPL-2.0
/*
 * The callbacks of a port, as the last "ask DEVICE port" and "ask DEVICE pnp" said
 * them.
 *
 *   call DEVICE try|free|waiters [CONTEXT]	output: what it returned
 *   chip DEVICE set|clear MODE
 *   chain DEVICE select|deselect ID FLAGS
 */
#include <wdm.h>

#include "class.h"

static void Try(void *argument)
{
	POPEN_DEVICE device = argument;

	class_say("%d", device->Port.TryAllocatePort(device->Port.Context));
}

static void Free(void *argument)
{
	POPEN_DEVICE device = argument;

	device->Port.FreePort(device->Port.Context);
}

static void Waiters(void *argument)
{
	POPEN_DEVICE device = argument;

	class_say("%u", device->Port.QueryNumWaiters(device->Port.Context));
}

int class_call(char **argv)
{
	POPEN_DEVICE device = OpenDevice(argv[1]);

	if (!device || !device->Port.Context)
		return -1;
	if (class_equal(argv[2], "try"))
		class_in_context(argv[3], Try, device);
	else if (class_equal(argv[2], "free"))
		class_in_context(argv[3], Free, device);
	else if (class_equal(argv[2], "waiters"))
		class_in_context(argv[3], Waiters, device);
	else
		return -1;
	return 0;
}

int class_chip(char **argv)
{
	POPEN_DEVICE device = OpenDevice(argv[1]);
	PPARALLEL_PNP_INFORMATION pnp;

	if (!device || !device->Pnp.Context)
		return -1;
	pnp = &device->Pnp;
	SayStatus((class_equal(argv[2], "set") ? pnp->TrySetChipMode :
						 pnp->ClearChipMode)(pnp->Context, class_number(argv[3])));
	return 0;
}

int class_chain(char **argv)
{
	POPEN_DEVICE device = OpenDevice(argv[1]);
	PARALLEL_1284_COMMAND command = { .ID = class_number(argv[3]),
					  .CommandFlags = class_number(argv[4]) };
	PPARALLEL_PNP_INFORMATION pnp;

	if (!device || !device->Pnp.Context)
		return -1;
	pnp = &device->Pnp;
	SayStatus((class_equal(argv[2], "select") ? pnp->TrySelectDevice :
						    pnp->DeselectDevice)(pnp->Context, &command));
	return 0;
}
