// SPDX-License-Identifier: GPL-2.0
/*
 * A driver's own devices.
 */
#include <ntddk.h>
#include <ntddpar.h>
/* Only now, and twice */
#include <initguid.h>
#include <ntddpar.h>
#include <ntddpar.h>
#include <wmidata.h>

#include "harness.h"

struct extension {
	LONG number;
};

static DRIVER_OBJECT driver;

const char *guids(void)
{
	static const GUID counters = PARPORT_WMI_ALLOCATE_FREE_COUNTS_GUID;

	CHECK(GUID_DEVINTERFACE_PARALLEL.Data1 == 0x97f76ef0);
	CHECK(GUID_PARCLASS_DEVICE.Data4[7] == 0xd1);
	CHECK(counters.Data1 == 0x4bbb69ea && counters.Data4[7] == 0x81);
	return NULL;
}

const char *device_life(void)
{
	UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Test");
	PDEVICE_OBJECT first, second;
	struct extension *extension;

	CHECK(IoGetConfigurationInformation()->ParallelCount >= 1);
	CHECK(IoCreateDevice(&driver, sizeof(*extension), &name, FILE_DEVICE_UNKNOWN, 0,
			     FALSE, &first) == STATUS_SUCCESS);
	CHECK(IoCreateDevice(&driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &second) ==
	      STATUS_SUCCESS);
	extension = first->DeviceExtension;
	CHECK(!extension->number && !second->DeviceExtension);
	CHECK(first->DriverObject == &driver && first->StackSize == 1);
	CHECK(first->DeviceType == FILE_DEVICE_UNKNOWN);
	CHECK(driver.DeviceObject == second && second->NextDevice == first);
	CHECK(IoCreateSymbolicLink(&name, &name) == STATUS_SUCCESS);
	CHECK(IoDeleteSymbolicLink(&name) == STATUS_SUCCESS);

	IoDeleteDevice(first);
	CHECK(driver.DeviceObject == second && !second->NextDevice);
	IoDeleteDevice(second);
	CHECK(!driver.DeviceObject);
	return NULL;
}

static PDEVICE_OBJECT seen_device;
static PIRP seen_irp;
static PVOID seen_context;

static VOID dpc(PKDPC this, PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
	seen_device = device;
	seen_irp = irp;
	seen_context = context;
}

const char *device_dpc(void)
{
	PDEVICE_OBJECT device;
	IRP irp;

	CHECK(IoCreateDevice(&driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device) ==
	      STATUS_SUCCESS);
	IoInitializeDpcRequest(device, dpc);
	IoRequestDpc(device, &irp, &driver);
	KeFlushQueuedDpcs();
	CHECK(seen_device == device && seen_irp == &irp && seen_context == &driver);
	IoDeleteDevice(device);
	return NULL;
}

const char *error_log(void)
{
	PIO_ERROR_LOG_PACKET entry;

	CHECK(!IoAllocateErrorLogEntry(&driver, ERROR_LOG_MAXIMUM_SIZE + 1));
	entry = IoAllocateErrorLogEntry(&driver, sizeof(*entry));
	CHECK(entry);
	entry->ErrorCode = STATUS_IO_DEVICE_ERROR;
	entry->UniqueErrorValue = 5;
	entry->FinalStatus = STATUS_IO_TIMEOUT;
	IoWriteErrorLogEntry(entry);
	return NULL;
}
