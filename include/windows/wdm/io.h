/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Windows: requests (IRPs), and the objects they are sent to.
 *
 * The names of the fields are Microsoft's, the layout is not.
 */
#ifndef _WDM_IO_
#define _WDM_IO_

#include "kernel.h"

typedef struct _DEVICE_OBJECT DEVICE_OBJECT, *PDEVICE_OBJECT;
typedef struct _DRIVER_OBJECT DRIVER_OBJECT, *PDRIVER_OBJECT;
typedef struct _FILE_OBJECT FILE_OBJECT, *PFILE_OBJECT;
typedef struct _IRP IRP, *PIRP;
typedef struct _IO_STACK_LOCATION IO_STACK_LOCATION, *PIO_STACK_LOCATION;
typedef struct _MDL MDL, *PMDL;

#define IRP_MJ_CREATE				0x00
#define IRP_MJ_CLOSE				0x02
#define IRP_MJ_READ				0x03
#define IRP_MJ_WRITE				0x04
#define IRP_MJ_QUERY_INFORMATION		0x05
#define IRP_MJ_SET_INFORMATION			0x06
#define IRP_MJ_FLUSH_BUFFERS			0x09
#define IRP_MJ_DEVICE_CONTROL			0x0e
#define IRP_MJ_INTERNAL_DEVICE_CONTROL		0x0f
#define IRP_MJ_SCSI				0x0f
#define IRP_MJ_SHUTDOWN				0x10
#define IRP_MJ_CLEANUP				0x12
#define IRP_MJ_POWER				0x16
#define IRP_MJ_SYSTEM_CONTROL			0x17
#define IRP_MJ_PNP				0x1b
#define IRP_MJ_PNP_POWER			IRP_MJ_PNP
#define IRP_MJ_MAXIMUM_FUNCTION			0x1b

#define FILE_READ_DATA				0x00000001
#define FILE_WRITE_DATA				0x00000002
#define FILE_APPEND_DATA			0x00000004
#define FILE_READ_ATTRIBUTES			0x00000080
#define FILE_WRITE_ATTRIBUTES			0x00000100
#define FILE_ALL_ACCESS				0x001f01ff
#define FILE_DEVICE_SECURE_OPEN			0x00000100
#define STANDARD_RIGHTS_READ			0x00020000
#define GENERIC_READ				0x80000000U
#define GENERIC_WRITE				0x40000000U

#define DO_BUFFERED_IO				0x00000004
#define DO_EXCLUSIVE				0x00000008
#define DO_DIRECT_IO				0x00000010
#define DO_DEVICE_INITIALIZING			0x00000080
#define DO_POWER_PAGABLE			0x00002000

#define IO_NO_INCREMENT				0
#define IO_PARALLEL_INCREMENT			1
#define IO_SERIAL_INCREMENT			2
#define EVENT_INCREMENT				1

#define SL_PENDING_RETURNED			0x01
#define SL_ERROR_RETURNED			0x02
#define SL_INVOKE_ON_CANCEL			0x20
#define SL_INVOKE_ON_SUCCESS			0x40
#define SL_INVOKE_ON_ERROR			0x80

typedef NTSTATUS DRIVER_INITIALIZE(PDRIVER_OBJECT driver, PUNICODE_STRING path);
typedef NTSTATUS DRIVER_DISPATCH(PDEVICE_OBJECT device, PIRP irp);
typedef VOID DRIVER_STARTIO(PDEVICE_OBJECT device, PIRP irp);
typedef VOID DRIVER_UNLOAD(PDRIVER_OBJECT driver);
typedef VOID DRIVER_CANCEL(PDEVICE_OBJECT device, PIRP irp);
typedef NTSTATUS DRIVER_ADD_DEVICE(PDRIVER_OBJECT driver, PDEVICE_OBJECT device);
typedef NTSTATUS IO_COMPLETION_ROUTINE(PDEVICE_OBJECT device, PIRP irp, PVOID context);
typedef VOID IO_DPC_ROUTINE(PKDPC dpc, PDEVICE_OBJECT device, PIRP irp, PVOID context);
typedef DRIVER_INITIALIZE *PDRIVER_INITIALIZE;
typedef DRIVER_DISPATCH *PDRIVER_DISPATCH;
typedef DRIVER_STARTIO *PDRIVER_STARTIO;
typedef DRIVER_UNLOAD *PDRIVER_UNLOAD;
typedef DRIVER_CANCEL *PDRIVER_CANCEL;
typedef DRIVER_ADD_DEVICE *PDRIVER_ADD_DEVICE;
typedef IO_COMPLETION_ROUTINE *PIO_COMPLETION_ROUTINE;
typedef IO_DPC_ROUTINE *PIO_DPC_ROUTINE;

typedef struct _IO_STATUS_BLOCK {
	union {
		NTSTATUS Status;
		PVOID Pointer;
	};
	ULONG_PTR Information;
} IO_STATUS_BLOCK, *PIO_STATUS_BLOCK;

/*
 * A device that a driver made itself has its driver here, and IoCallDriver() calls
 * that. The parallel port has none: its DriverObject is NULL.
 */
struct _DEVICE_OBJECT {
	CSHORT Type;
	USHORT Size;
	LONG ReferenceCount;
	PDRIVER_OBJECT DriverObject;
	PDEVICE_OBJECT NextDevice;
	PDEVICE_OBJECT AttachedDevice;
	PIRP CurrentIrp;
	ULONG Flags;
	ULONG Characteristics;
	PVOID DeviceExtension;
	ULONG DeviceType;
	CCHAR StackSize;
	ULONG AlignmentRequirement;
	KDPC Dpc;
	PIO_DPC_ROUTINE DpcRoutine;
};

typedef struct _DRIVER_EXTENSION {
	PDRIVER_OBJECT DriverObject;
	PDRIVER_ADD_DEVICE AddDevice;
	ULONG Count;
	UNICODE_STRING ServiceKeyName;
} DRIVER_EXTENSION, *PDRIVER_EXTENSION;

struct _DRIVER_OBJECT {
	CSHORT Type;
	CSHORT Size;
	PDEVICE_OBJECT DeviceObject;
	ULONG Flags;
	PDRIVER_EXTENSION DriverExtension;
	UNICODE_STRING DriverName;
	PUNICODE_STRING HardwareDatabase;
	PDRIVER_INITIALIZE DriverInit;
	PDRIVER_STARTIO DriverStartIo;
	PDRIVER_UNLOAD DriverUnload;
	PDRIVER_DISPATCH MajorFunction[IRP_MJ_MAXIMUM_FUNCTION + 1];
};

struct _FILE_OBJECT {
	CSHORT Type;
	CSHORT Size;
	PDEVICE_OBJECT DeviceObject;
	PVOID FsContext;
	PVOID FsContext2;
	NTSTATUS FinalStatus;
	UNICODE_STRING FileName;
	LARGE_INTEGER CurrentByteOffset;
};

struct _IO_STACK_LOCATION {
	UCHAR MajorFunction;
	UCHAR MinorFunction;
	UCHAR Flags;
	UCHAR Control;
	union {
		struct {
			ULONG Options;
			USHORT FileAttributes;
			USHORT ShareAccess;
		} Create;
		struct {
			ULONG Length;
			ULONG Key;
			LARGE_INTEGER ByteOffset;
		} Read;
		struct {
			ULONG Length;
			ULONG Key;
			LARGE_INTEGER ByteOffset;
		} Write;
		struct {
			ULONG OutputBufferLength;
			ULONG InputBufferLength;
			ULONG IoControlCode;
			PVOID Type3InputBuffer;
		} DeviceIoControl;
		struct {
			ULONG Length;
			ULONG FileInformationClass;
		} QueryFile;
		struct {
			ULONG Length;
			ULONG FileInformationClass;
		} SetFile;
		struct {
			PVOID Argument1;
			PVOID Argument2;
			PVOID Argument3;
			PVOID Argument4;
		} Others;
	} Parameters;
	PDEVICE_OBJECT DeviceObject;
	PFILE_OBJECT FileObject;
	PIO_COMPLETION_ROUTINE CompletionRoutine;
	PVOID Context;
};

struct _IRP {
	CSHORT Type;
	USHORT Size;
	PMDL MdlAddress;
	ULONG Flags;
	union {
		PIRP MasterIrp;
		LONG IrpCount;
		PVOID SystemBuffer;
	} AssociatedIrp;
	LIST_ENTRY ThreadListEntry;
	IO_STATUS_BLOCK IoStatus;
	KPROCESSOR_MODE RequestorMode;
	BOOLEAN PendingReturned;
	CHAR StackCount;
	CHAR CurrentLocation;
	BOOLEAN Cancel;
	KIRQL CancelIrql;
	UCHAR AllocationFlags;
	PIO_STATUS_BLOCK UserIosb;
	PKEVENT UserEvent;
	PDRIVER_CANCEL CancelRoutine;
	PVOID UserBuffer;
	union {
		struct {
			PVOID DriverContext[4];
			PKTHREAD Thread;
			PCHAR AuxiliaryBuffer;
			LIST_ENTRY ListEntry;
			PIO_STACK_LOCATION CurrentStackLocation;
			PFILE_OBJECT OriginalFileObject;
		} Overlay;
		PVOID CompletionKey;
	} Tail;
	/* The port's, while the IRP is queued there */
	ULONG_PTR PtaReserved[16];
	/* Who sent it, while it is under way */
	PVOID PtaProcess;
};

#define IoSizeOfIrp(stack_size) \
	((USHORT)(sizeof(IRP) + (stack_size) * sizeof(IO_STACK_LOCATION)))

/* --- IRPs -------------------------------------------------------------------- */

PIRP pta_win_allocate_irp(CCHAR stack_size);
void pta_win_initialize_irp(PIRP irp, USHORT size, CCHAR stack_size);
void pta_win_reuse_irp(PIRP irp, NTSTATUS status);
void pta_win_free_irp(PIRP irp);
PIRP pta_win_build_request(ULONG code, PDEVICE_OBJECT device, PVOID input,
			   ULONG input_length, PVOID output,
			   ULONG output_length, BOOLEAN internal, PKEVENT event,
			   PIO_STATUS_BLOCK status);
NTSTATUS pta_win_call_driver(PDEVICE_OBJECT device, PIRP irp);
void pta_win_complete_request(PIRP irp);
BOOLEAN pta_win_cancel_irp(PIRP irp);
KIRQL pta_win_acquire_cancel_lock(void);
void pta_win_release_cancel_lock(KIRQL irql);

#define IoAllocateIrp(stack_size, charge_quota) \
	((void)(charge_quota), pta_win_allocate_irp(stack_size))
#define IoInitializeIrp	pta_win_initialize_irp
#define IoReuseIrp	pta_win_reuse_irp
#define IoFreeIrp	pta_win_free_irp
#define IoBuildDeviceIoControlRequest	pta_win_build_request
#define IoCallDriver	pta_win_call_driver
#define IofCallDriver	pta_win_call_driver
#define IoCompleteRequest(irp, boost) \
	((void)(boost), pta_win_complete_request(irp))
#define IofCompleteRequest	IoCompleteRequest
#define IoCancelIrp	pta_win_cancel_irp
#define IoAcquireCancelSpinLock(irql) \
	(*(irql) = pta_win_acquire_cancel_lock())
#define IoReleaseCancelSpinLock	pta_win_release_cancel_lock

FORCEINLINE PIO_STACK_LOCATION IoGetCurrentIrpStackLocation(PIRP irp)
{
	return irp->Tail.Overlay.CurrentStackLocation;
}

FORCEINLINE PIO_STACK_LOCATION IoGetNextIrpStackLocation(PIRP irp)
{
	return irp->Tail.Overlay.CurrentStackLocation - 1;
}

FORCEINLINE VOID IoSetNextIrpStackLocation(PIRP irp)
{
	irp->CurrentLocation--;
	irp->Tail.Overlay.CurrentStackLocation--;
}

FORCEINLINE VOID IoSkipCurrentIrpStackLocation(PIRP irp)
{
	irp->CurrentLocation++;
	irp->Tail.Overlay.CurrentStackLocation++;
}

FORCEINLINE VOID IoCopyCurrentIrpStackLocationToNext(PIRP irp)
{
	PIO_STACK_LOCATION next = IoGetNextIrpStackLocation(irp);

	*next = *IoGetCurrentIrpStackLocation(irp);
	next->Control = 0;
	next->CompletionRoutine = NULL;
	next->Context = NULL;
}

FORCEINLINE VOID IoMarkIrpPending(PIRP irp)
{
	IoGetCurrentIrpStackLocation(irp)->Control |= SL_PENDING_RETURNED;
}

FORCEINLINE VOID IoSetCompletionRoutine(PIRP irp, PIO_COMPLETION_ROUTINE routine,
					PVOID context, BOOLEAN on_success,
					BOOLEAN on_error, BOOLEAN on_cancel)
{
	PIO_STACK_LOCATION next = IoGetNextIrpStackLocation(irp);

	next->CompletionRoutine = routine;
	next->Context = context;
	next->Control = (on_success ? SL_INVOKE_ON_SUCCESS : 0) |
			(on_error ? SL_INVOKE_ON_ERROR : 0) |
			(on_cancel ? SL_INVOKE_ON_CANCEL : 0);
}

FORCEINLINE PDRIVER_CANCEL IoSetCancelRoutine(PIRP irp, PDRIVER_CANCEL routine)
{
	return __atomic_exchange_n(&irp->CancelRoutine, routine, __ATOMIC_SEQ_CST);
}

/* --- the port ---------------------------------------------------------------- */

NTSTATUS pta_win_open(const WCHAR *name, USHORT length_in_bytes,
		      const char *client_name, PFILE_OBJECT *file,
		      PDEVICE_OBJECT *device);
void pta_win_reference(PVOID object);
void pta_win_dereference(PVOID object);

#ifdef KBUILD_MODNAME
#define PTA_WIN_CLIENT	KBUILD_MODNAME
#else
#define PTA_WIN_CLIENT	"windows"
#endif

/* Each call makes a client of its own, which the device object stands for. */
FORCEINLINE NTSTATUS IoGetDeviceObjectPointer(PUNICODE_STRING name, ACCESS_MASK access,
					      PFILE_OBJECT *file,
					      PDEVICE_OBJECT *device)
{
	UNREFERENCED_PARAMETER(access);
	return pta_win_open(name->Buffer, name->Length, PTA_WIN_CLIENT, file, device);
}

#define ObReferenceObject	pta_win_reference
#define ObDereferenceObject	pta_win_dereference

#endif /* _WDM_IO_ */
