// SPDX-License-Identifier: GPL-2.0
/*
 * DPCs that are queued when the module goes.
 *
 *   leave DEVICE	DEVICE is left open when the module goes, and the last of many DPCs that
 *			are queued then tries to allocate the port with it; the log says
 *			whether it did
 */
#include <wdm.h>

#include "class.h"

/* More than are served at once, and each of them takes a while */
#define DPCS	64
#define STALL	500

static POPEN_DEVICE Left;
static KDPC Dpcs[DPCS];

static VOID TakeAWhile(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
	KeStallExecutionProcessor(STALL);
}

static VOID Last(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
	POPEN_DEVICE device = context;

	if (!device->Port.TryAllocatePort(device->Port.Context)) {
		DbgPrint("the last DPC does not get the port\n");
		return;
	}
	device->Port.FreePort(device->Port.Context);
	DbgPrint("the last DPC had the port\n");
}

int class_leave(char **argv)
{
	POPEN_DEVICE device = OpenDevice(argv[1]);

	if (!device || !device->Port.Context)
		return -1;
	Left = device;
	return 0;
}

POPEN_DEVICE LeaveOpen(void)
{
	KIRQL irql;

	if (!Left)
		return NULL;
	for (ULONG i = 0; i < DPCS - 1; i++)
		KeInitializeDpc(&Dpcs[i], TakeAWhile, NULL);
	KeInitializeDpc(&Dpcs[DPCS - 1], Last, Left);
	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	for (ULONG i = 0; i < DPCS; i++)
		KeInsertQueueDpc(&Dpcs[i], NULL, NULL);
	KeLowerIrql(irql);
	return Left;
}
