/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Windows: a driver's own devices, as far as its requests and its DPC need them.
 *
 * There are no names for programs here: the Linux half of a ported driver has what
 * programs open, and sends the IRPs. So the name of a device is not kept, and a
 * symbolic link is made without effect.
 */
#ifndef _WDM_DRIVER_
#define _WDM_DRIVER_

#include "io.h"

#define FILE_DIRECTORY_FILE	0x00000001

typedef struct _CONFIGURATION_INFORMATION {
	ULONG DiskCount;
	ULONG FloppyCount;
	ULONG CdRomCount;
	ULONG TapeCount;
	ULONG ScsiPortCount;
	ULONG SerialCount;
	ULONG ParallelCount;
} CONFIGURATION_INFORMATION, *PCONFIGURATION_INFORMATION;

typedef struct _IO_ERROR_LOG_PACKET {
	UCHAR MajorFunctionCode;
	UCHAR RetryCount;
	USHORT DumpDataSize;
	USHORT NumberOfStrings;
	USHORT StringOffset;
	USHORT EventCategory;
	NTSTATUS ErrorCode;
	ULONG UniqueErrorValue;
	NTSTATUS FinalStatus;
	ULONG SequenceNumber;
	ULONG IoControlCode;
	LARGE_INTEGER DeviceOffset;
	ULONG DumpData[1];
} IO_ERROR_LOG_PACKET, *PIO_ERROR_LOG_PACKET;

#define ERROR_LOG_MAXIMUM_SIZE	240

NTSTATUS pta_win_create_device(PDRIVER_OBJECT driver, ULONG extension_size, ULONG type,
			       ULONG characteristics, PDEVICE_OBJECT *device);
void pta_win_delete_device(PDEVICE_OBJECT device);
void pta_win_init_device_dpc(PDEVICE_OBJECT device, PIO_DPC_ROUTINE routine);
PCONFIGURATION_INFORMATION pta_win_configuration(void);
PVOID pta_win_allocate_error(UCHAR size);
void pta_win_write_error(PVOID entry, const char *client_name);

#define IoCreateDevice(driver, extension_size, name, type, characteristics, exclusive, device) \
	((void)(name), (void)(exclusive), \
	 pta_win_create_device(driver, extension_size, type, characteristics, device))
#define IoDeleteDevice		pta_win_delete_device
#define IoInitializeDpcRequest	pta_win_init_device_dpc
#define IoRequestDpc(device, irp, context) \
	((void)KeInsertQueueDpc(&(device)->Dpc, irp, context))
#define IoGetConfigurationInformation	pta_win_configuration
#define IoAllocateErrorLogEntry(object, size) \
	((void)(object), pta_win_allocate_error(size))
#define IoWriteErrorLogEntry(entry)	pta_win_write_error(entry, PTA_WIN_CLIENT)

FORCEINLINE NTSTATUS IoCreateSymbolicLink(PUNICODE_STRING link, PUNICODE_STRING device)
{
	UNREFERENCED_PARAMETER(link);
	UNREFERENCED_PARAMETER(device);
	return STATUS_SUCCESS;
}

FORCEINLINE NTSTATUS IoDeleteSymbolicLink(PUNICODE_STRING link)
{
	UNREFERENCED_PARAMETER(link);
	return STATUS_SUCCESS;
}

#define IoCreateUnprotectedSymbolicLink	IoCreateSymbolicLink

#endif /* _WDM_DRIVER_ */
