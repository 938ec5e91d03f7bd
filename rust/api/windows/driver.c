// SPDX-License-Identifier: GPL-2.0
/*
 * A driver's own devices, and the rest of what drivers do while they start.
 */

#include <linux/printk.h>
#include <linux/slab.h>

#include "runtime.h"

NTSTATUS pta_win_create_device(PDRIVER_OBJECT driver, ULONG extension_size, ULONG type,
			       ULONG characteristics, PDEVICE_OBJECT *device)
{
	PDEVICE_OBJECT new = kzalloc(sizeof(*new) + extension_size, pta_win_gfp());

	if (!new)
		return STATUS_INSUFFICIENT_RESOURCES;
	new->Size = sizeof(*new);
	new->DriverObject = driver;
	new->DeviceExtension = extension_size ? new + 1 : NULL;
	new->DeviceType = type;
	new->Characteristics = characteristics;
	new->Flags = DO_DEVICE_INITIALIZING;
	new->StackSize = 1;
	new->NextDevice = driver->DeviceObject;
	driver->DeviceObject = new;
	*device = new;
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_NS_GPL(pta_win_create_device, "PARPORT_TRY_ALLOC");

void pta_win_delete_device(PDEVICE_OBJECT device)
{
	PDEVICE_OBJECT *link = &device->DriverObject->DeviceObject;

	while (*link && *link != device)
		link = &(*link)->NextDevice;
	if (*link)
		*link = device->NextDevice;
	if (device->DpcRoutine)
		pta_win_remove_dpc(&device->Dpc);
	kfree(device);
}
EXPORT_SYMBOL_NS_GPL(pta_win_delete_device, "PARPORT_TRY_ALLOC");

static VOID call_device_dpc(PKDPC dpc, PVOID device, PVOID irp, PVOID context)
{
	((PDEVICE_OBJECT)device)->DpcRoutine(dpc, device, irp, context);
}

void pta_win_init_device_dpc(PDEVICE_OBJECT device, PIO_DPC_ROUTINE routine)
{
	device->DpcRoutine = routine;
	pta_win_init_dpc(&device->Dpc, call_device_dpc, device);
}
EXPORT_SYMBOL_NS_GPL(pta_win_init_device_dpc, "PARPORT_TRY_ALLOC");

/* Ports need not be numbered without gaps: the count is for who tries every number. */
PCONFIGURATION_INFORMATION pta_win_configuration(void)
{
	static CONFIGURATION_INFORMATION configuration;

	configuration.ParallelCount = pta_win_port_numbers();
	return &configuration;
}
EXPORT_SYMBOL_NS_GPL(pta_win_configuration, "PARPORT_TRY_ALLOC");

PVOID pta_win_allocate_error(UCHAR size)
{
	if (size < sizeof(IO_ERROR_LOG_PACKET) || size > ERROR_LOG_MAXIMUM_SIZE)
		return NULL;
	return kzalloc(size, pta_win_gfp());
}
EXPORT_SYMBOL_NS_GPL(pta_win_allocate_error, "PARPORT_TRY_ALLOC");

void pta_win_write_error(PVOID entry, const char *client_name)
{
	PIO_ERROR_LOG_PACKET error = entry;

	pr_err("%s: error %#x (%u), status %#x\n", client_name, error->ErrorCode,
	       error->UniqueErrorValue, error->FinalStatus);
	kfree(error);
}
EXPORT_SYMBOL_NS_GPL(pta_win_write_error, "PARPORT_TRY_ALLOC");
