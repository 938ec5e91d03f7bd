/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a class driver asks a parallel port for with
 * IRP_MJ_INTERNAL_DEVICE_CONTROL, by the names of Windows' header: codes,
 * structures, callbacks.
 *
 * There are two kinds of device. "\Device\ParallelPortN" is the port parportN:
 * the requests about the port and the interrupt are for it. "\Device\ParallelN"
 * and "\DosDevices\LPTn", n being N + 1, are the device at the end of its chain:
 * the requests that lock the port, and that transfer data, are for it. Each
 * IoGetDeviceObjectPointer() makes a client of its own of its device object, and
 * what is asked for with that object, or called with a Context that it handed
 * out, is asked for by that client.
 */
#ifndef _PARALLEL_
#define _PARALLEL_

#include "ntddpar.h"

#define DD_PARALLEL_PORT_BASE_NAME_U	L"ParallelPort"

/* Devices of a daisy chain have the numbers 0 to 3, from the port on. */
#define IEEE_1284_3_DAISY_CHAIN_MAX_ID	3

/* --- requests for the port ------------------------------------------------ */

/* No buffers. Pends until the port is the client's; it can be cancelled. */
#define IOCTL_INTERNAL_PARALLEL_PORT_ALLOCATE		CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 11, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* Out: PARALLEL_PORT_INFORMATION */
#define IOCTL_INTERNAL_GET_PARALLEL_PORT_INFO		CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 12, METHOD_BUFFERED, FILE_ANY_ACCESS)

/*
 * In: PARALLEL_INTERRUPT_SERVICE_ROUTINE, out: PARALLEL_INTERRUPT_INFORMATION.
 * At PASSIVE_LEVEL. STATUS_UNSUCCESSFUL while the administrator does not allow
 * it, which is the default: see the module parameter enable_connect_interrupt.
 */
#define IOCTL_INTERNAL_PARALLEL_CONNECT_INTERRUPT	CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 13, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* In: PARALLEL_INTERRUPT_SERVICE_ROUTINE. At PASSIVE_LEVEL. */
#define IOCTL_INTERNAL_PARALLEL_DISCONNECT_INTERRUPT	CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 14, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* No buffers, no effect. */
#define IOCTL_INTERNAL_RELEASE_PARALLEL_PORT_INFO	CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 15, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* Out: MORE_PARALLEL_PORT_INFORMATION */
#define IOCTL_INTERNAL_GET_MORE_PARALLEL_PORT_INFO	CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 17, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* For a filter below the port driver. There is none here. */
#define IOCTL_INTERNAL_PARCHIP_CONNECT			CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 18, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* In: PARALLEL_CHIP_MODE. For the port's owner. */
#define IOCTL_INTERNAL_PARALLEL_SET_CHIP_MODE		CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 19, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_INTERNAL_PARALLEL_CLEAR_CHIP_MODE		CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 20, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* Out: PARALLEL_PNP_INFORMATION */
#define IOCTL_INTERNAL_GET_PARALLEL_PNP_INFO		CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 21, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* No buffers. At PASSIVE_LEVEL. Counts the devices of the daisy chain anew. */
#define IOCTL_INTERNAL_INIT_1284_3_BUS			CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 22, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* In: PARALLEL_1284_COMMAND. Select also allocates and deselect frees. */
#define IOCTL_INTERNAL_SELECT_DEVICE			CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 23, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_INTERNAL_DESELECT_DEVICE			CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 24, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* No buffers. Like the callback FreePort, but it tells whether it did. */
#define IOCTL_INTERNAL_PARALLEL_PORT_FREE		CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 40, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* No buffers. A port of this module never scans its bus unasked. */
#define IOCTL_INTERNAL_DISABLE_END_OF_CHAIN_BUS_RESCAN	CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 54, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_INTERNAL_ENABLE_END_OF_CHAIN_BUS_RESCAN	CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 55, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* In: PARPORT_REMOVAL_RELATIONS. STATUS_INVALID_PARAMETER, as since Windows XP. */
#define IOCTL_INTERNAL_REGISTER_FOR_REMOVAL_RELATIONS	CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 50, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_INTERNAL_UNREGISTER_FOR_REMOVAL_RELATIONS	CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 51, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* --- requests for the device at the end of the chain ------------------------ */

/* Out: the DEVICE_OBJECT of the port. It is not referenced for the caller. */
#define IOCTL_INTERNAL_GET_PARPORT_FDO			CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 29, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* Out: PARCLASS_INFORMATION */
#define IOCTL_INTERNAL_PARCLASS_CONNECT			CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 30, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_INTERNAL_PARCLASS_DISCONNECT		CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 31, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* No buffers. Back to the compatibility mode. */
#define IOCTL_INTERNAL_DISCONNECT_IDLE			CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 32, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* No buffers. They pend, and can be cancelled until it is their turn. */
#define IOCTL_INTERNAL_LOCK_PORT			CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 37, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_INTERNAL_UNLOCK_PORT			CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 38, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_INTERNAL_LOCK_PORT_NO_SELECT		CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 52, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_INTERNAL_UNLOCK_PORT_NO_DESELECT		CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 53, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* The 1284.3 data link. STATUS_NOT_SUPPORTED here. */
#define IOCTL_INTERNAL_PARDOT3_CONNECT			CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 41, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_INTERNAL_PARDOT3_DISCONNECT		CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 42, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_INTERNAL_PARDOT3_RESET			CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 43, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_INTERNAL_PARDOT3_SIGNAL			CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 44, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* --- callbacks, with the Context of the structure that has them -------------- */

/* Takes the port if it is free. At any IRQL. */
typedef BOOLEAN (*PPARALLEL_TRY_ALLOCATE_ROUTINE)(PVOID TryAllocateContext);

/* Gives it back. At any IRQL. */
typedef VOID (*PPARALLEL_FREE_ROUTINE)(PVOID FreeContext);

/* How many wait for the port? */
typedef ULONG (*PPARALLEL_QUERY_WAITERS_ROUTINE)(PVOID QueryAllocsContext);

typedef NTSTATUS (*PPARALLEL_SET_CHIP_MODE)(PVOID SetChipContext, UCHAR ChipMode);
typedef NTSTATUS (*PPARALLEL_CLEAR_CHIP_MODE)(PVOID ClearChipContext, UCHAR ChipMode);

/* The command is a PPARALLEL_1284_COMMAND. */
typedef NTSTATUS (*PPARALLEL_TRY_SELECT_ROUTINE)(PVOID TrySelectContext, PVOID TrySelectCommand);
typedef NTSTATUS (*PPARALLEL_DESELECT_ROUTINE)(PVOID DeselectContext, PVOID DeselectCommand);

typedef NTSTATUS (*PPARCHIP_SET_CHIP_MODE)(PVOID SetChipContext, UCHAR ChipMode);
typedef NTSTATUS (*PPARCHIP_CLEAR_CHIP_MODE)(PVOID ClearChipContext, UCHAR ChipMode);

/* The deferred port check: called after a free that left the port free. */
typedef VOID (*PPARALLEL_DEFERRED_ROUTINE)(PVOID DeferredContext);

/* --- what the requests about the port say ------------------------------------ */

typedef struct _PARALLEL_PORT_INFORMATION {
	PHYSICAL_ADDRESS OriginalController;
	PUCHAR Controller;
	ULONG SpanOfController;
	PPARALLEL_TRY_ALLOCATE_ROUTINE TryAllocatePort;
	PPARALLEL_FREE_ROUTINE FreePort;
	PPARALLEL_QUERY_WAITERS_ROUTINE QueryNumWaiters;
	PVOID Context;
} PARALLEL_PORT_INFORMATION, *PPARALLEL_PORT_INFORMATION;

/* The interrupt's fields are 0 if the port has none that can be used. */
typedef struct _MORE_PARALLEL_PORT_INFORMATION {
	INTERFACE_TYPE InterfaceType;
	ULONG BusNumber;
	ULONG InterruptLevel;
	ULONG InterruptVector;
	KAFFINITY InterruptAffinity;
	KINTERRUPT_MODE InterruptMode;
} MORE_PARALLEL_PORT_INFORMATION, *PMORE_PARALLEL_PORT_INFORMATION;

/* HardwareCapabilities */
#define PPT_NO_HARDWARE_PRESENT	0x00000000
#define PPT_ECP_PRESENT		0x00000001
#define PPT_EPP_PRESENT		0x00000002
#define PPT_EPP_32_PRESENT	0x00000004
#define PPT_BYTE_PRESENT	0x00000008
#define PPT_BIDI_PRESENT	0x00000008
#define PPT_1284_3_PRESENT	0x00000010

/* A snapshot. PortName is valid until the device object is gone. */
typedef struct _PARALLEL_PNP_INFORMATION {
	PHYSICAL_ADDRESS OriginalEcpController;
	PUCHAR EcpController;
	ULONG SpanOfEcpController;
	ULONG PortNumber;
	ULONG HardwareCapabilities;
	PPARALLEL_SET_CHIP_MODE TrySetChipMode;
	PPARALLEL_CLEAR_CHIP_MODE ClearChipMode;
	ULONG FifoDepth;
	ULONG FifoWidth;
	PHYSICAL_ADDRESS EppControllerPhysicalAddress;
	ULONG SpanOfEppController;
	ULONG Ieee1284_3DeviceCount;
	PPARALLEL_TRY_SELECT_ROUTINE TrySelectDevice;
	PPARALLEL_DESELECT_ROUTINE DeselectDevice;
	PVOID Context;
	ULONG CurrentMode;
	PWSTR PortName;
} PARALLEL_PNP_INFORMATION, *PPARALLEL_PNP_INFORMATION;

typedef struct _PARALLEL_PARCHIP_INFO {
	PUCHAR Controller;
	PUCHAR EcrController;
	ULONG HardwareModes;
	PPARCHIP_SET_CHIP_MODE ParChipSetMode;
	PPARCHIP_CLEAR_CHIP_MODE ParChipClearMode;
	PVOID Context;
	BOOLEAN success;
} PARALLEL_PARCHIP_INFO, *PPARALLEL_PARCHIP_INFO;

typedef struct _PARPORT_REMOVAL_RELATIONS {
	PDEVICE_OBJECT DeviceObject;
	ULONG Flags;
	PUNICODE_STRING DeviceName;
} PARPORT_REMOVAL_RELATIONS, *PPARPORT_REMOVAL_RELATIONS;

/* --- interrupts ------------------------------------------------------------ */

/* The deferred port check and its context are optional, the routine is not. */
typedef struct _PARALLEL_INTERRUPT_SERVICE_ROUTINE {
	PKSERVICE_ROUTINE InterruptServiceRoutine;
	PVOID InterruptServiceContext;
	PPARALLEL_DEFERRED_ROUTINE DeferredPortCheckRoutine;
	PVOID DeferredPortCheckContext;
} PARALLEL_INTERRUPT_SERVICE_ROUTINE, *PPARALLEL_INTERRUPT_SERVICE_ROUTINE;

/* InterruptObject is for KeSynchronizeExecution(). */
typedef struct _PARALLEL_INTERRUPT_INFORMATION {
	PKINTERRUPT InterruptObject;
	PPARALLEL_TRY_ALLOCATE_ROUTINE TryAllocatePortAtInterruptLevel;
	PPARALLEL_FREE_ROUTINE FreePortFromInterruptLevel;
	PVOID Context;
} PARALLEL_INTERRUPT_INFORMATION, *PPARALLEL_INTERRUPT_INFORMATION;

/* --- modes of the chip ------------------------------------------------------- */

#define INITIAL_MODE	0x00000000

#define PARCHIP_ECR_ARBITRATOR	1

/* ModeFlags is a value of the ECR, of which bits 7 to 5 name the mode. */
typedef struct _PARALLEL_CHIP_MODE {
	UCHAR ModeFlags;
	BOOLEAN success;
} PARALLEL_CHIP_MODE, *PPARALLEL_CHIP_MODE;

/* --- daisy chains (IEEE 1284.3) ---------------------------------------------- */

/* CommandFlags of a PARALLEL_1284_COMMAND. The first is the ID 4, said otherwise. */
#define PAR_END_OF_CHAIN_DEVICE		((ULONG)0x00000001)

/* The client owns the port already, and wants to go on owning it. */
#define PAR_HAVE_PORT_KEEP_PORT		((ULONG)0x00000002)

/* Legacy Zip drives, which are not served here. */
#define PAR_LEGACY_ZIP_DRIVE		((ULONG)0x00000004)
#define PAR_LEGACY_ZIP_DRIVE_STD_MODE	((ULONG)0x00000010)
#define PAR_LEGACY_ZIP_DRIVE_EPP_MODE	((ULONG)0x00000020)

#define DOT3_END_OF_CHAIN_ID	4
#define DOT3_LEGACY_ZIP_ID	5

typedef struct _PARALLEL_1284_COMMAND {
	UCHAR ID;
	UCHAR Port;
	ULONG CommandFlags;
} PARALLEL_1284_COMMAND, *PPARALLEL_1284_COMMAND;

/* What a driver that speaks to the chain itself sends. */
#define MODE_LEN_1284_3		7
static UCHAR ModeQualifier[MODE_LEN_1284_3]
	__attribute__((__unused__)) = {
	0xaa, 0x55, 0x00, 0xff, 0x87, 0x78, 0xff
};

#define LEGACYZIP_MODE_LEN	3
static UCHAR LegacyZipModeQualifier[LEGACYZIP_MODE_LEN]
	__attribute__((__unused__)) = {
	0x00, 0x3c, 0x20
};

#define CPP_ASSIGN_ADDR		0x00
#define CPP_SELECT		0xe0
#define CPP_DESELECT		0x30
#define CPP_QUERY_INT		0x08
#define CPP_DISABLE_INT		0x40
#define CPP_ENABLE_INT		0x48
#define CPP_CLEAR_INT_LAT	0x50
#define CPP_SET_INT_LAT		0x58
#define CPP_COMMAND_FILTER	0xf8

typedef enum {
	P12843DL_OFF,
	P12843DL_DOT3_DL,
	P12843DL_MLC_DL,
	P12843DL_DOT4_DL
} P12843_DL_MODES;

/* --- transfers (IEEE 1284), for a client that has locked the port ------------- */

/* UNSAFE_MODE is refused. */
typedef enum {
	SAFE_MODE,
	UNSAFE_MODE
} PARALLEL_SAFETY;

/*
 * All of them at PASSIVE_LEVEL, with the ParclassContext. The modes are those of
 * <ntddpar.h>.
 */
typedef USHORT (*PDETERMINE_IEEE_MODES)(PVOID Context);
typedef NTSTATUS (*PNEGOTIATE_IEEE_MODE)(PVOID Context, USHORT ModeMaskFwd,
					 USHORT ModeMaskRev,
					 PARALLEL_SAFETY ModeSafety,
					 BOOLEAN IsForward);
typedef NTSTATUS (*PTERMINATE_IEEE_MODE)(PVOID Context);
typedef NTSTATUS (*PPARALLEL_IEEE_FWD_TO_REV)(PVOID Context);
typedef NTSTATUS (*PPARALLEL_IEEE_REV_TO_FWD)(PVOID Context);
typedef NTSTATUS (*PPARALLEL_READ)(PVOID Context, PVOID Buffer,
				   ULONG NumBytesToRead, PULONG NumBytesRead,
				   UCHAR Channel);
typedef NTSTATUS (*PPARALLEL_WRITE)(PVOID Context, PVOID Buffer,
				    ULONG NumBytesToWrite,
				    PULONG NumBytesWritten, UCHAR Channel);
typedef NTSTATUS (*PPARALLEL_TRYSELECT_DEVICE)(PVOID Context,
					       PARALLEL_1284_COMMAND Command);
typedef NTSTATUS (*PPARALLEL_DESELECT_DEVICE)(PVOID Context,
					      PARALLEL_1284_COMMAND Command);

/* The last two are NULL, as they are in Windows. */
typedef struct _PARCLASS_INFORMATION {
	PUCHAR Controller;
	PUCHAR EcrController;
	ULONG SpanOfController;
	PDETERMINE_IEEE_MODES DetermineIeeeModes;
	PNEGOTIATE_IEEE_MODE NegotiateIeeeMode;
	PTERMINATE_IEEE_MODE TerminateIeeeMode;
	PPARALLEL_IEEE_FWD_TO_REV IeeeFwdToRevMode;
	PPARALLEL_IEEE_REV_TO_FWD IeeeRevToFwdMode;
	PPARALLEL_READ ParallelRead;
	PPARALLEL_WRITE ParallelWrite;
	PVOID ParclassContext;
	ULONG HardwareCapabilities;
	ULONG FifoDepth;
	ULONG FifoWidth;
	PPARALLEL_TRYSELECT_DEVICE ParallelTryselect;
	PPARALLEL_DESELECT_DEVICE ParallelDeSelect;
} PARCLASS_INFORMATION, *PPARCLASS_INFORMATION;

/* --- registers --------------------------------------------------------------- */

#define DATA_OFFSET		0
#define DSR_OFFSET		1
#define DCR_OFFSET		2
#define EPP_OFFSET		4
#define OFFSET_ECP_AFIFO	0x0000
#define AFIFO_OFFSET		OFFSET_ECP_AFIFO

/* Those of the ECP block, from Controller or, with 1 here, from EcpController. */
#ifndef DVRH_USE_PARPORT_ECP_ADDR
#define DVRH_USE_PARPORT_ECP_ADDR	0
#endif
#if DVRH_USE_PARPORT_ECP_ADDR == 0
#define ECP_OFFSET		0x400
#define CNFGB_OFFSET		0x401
#define ECR_OFFSET		0x402
#else
#define ECP_OFFSET		0x0
#define CNFGB_OFFSET		0x1
#define ECR_OFFSET		0x2
#endif

#define FIFO_OFFSET		ECP_OFFSET
#define CFIFO_OFFSET		ECP_OFFSET
#define CNFGA_OFFSET		ECP_OFFSET
#define ECP_DFIFO_OFFSET	ECP_OFFSET
#define TFIFO_OFFSET		ECP_OFFSET
#define OFFSET_ECP_DFIFO	ECP_OFFSET
#define OFFSET_TFIFO		ECP_OFFSET
#define OFFSET_CFIFO		ECP_OFFSET
#define OFFSET_ECR		ECR_OFFSET

#define OFFSET_PARALLEL_REGISTER_SPAN	0x0003
#define ECP_SPAN		3
#define EPP_SPAN		4

/* Status register */
#define DSR_NOT_BUSY		0x80
#define DSR_NOT_ACK		0x40
#define DSR_PERROR		0x20
#define DSR_SELECT		0x10
#define DSR_NOT_FAULT		0x08

/* The same lines, as the modes of IEEE 1284 call them */
#define DSR_NOT_PTR_BUSY	0x80
#define DSR_NOT_PERIPH_ACK	0x80
#define DSR_WAIT		0x80
#define DSR_PTR_CLK		0x40
#define DSR_PERIPH_CLK		0x40
#define DSR_INTR		0x40
#define DSR_ACK_DATA_REQ	0x20
#define DSR_NOT_ACK_REVERSE	0x20
#define DSR_XFLAG		0x10
#define DSR_NOT_DATA_AVAIL	0x08
#define DSR_NOT_PERIPH_REQUEST	0x08

/* Control register */
#define DCR_RESERVED		0xc0
#define DCR_DIRECTION		0x20
#define DCR_ACKINT_ENABLED	0x10
#define DCR_SELECT_IN		0x08
#define DCR_NOT_INIT		0x04
#define DCR_AUTOFEED		0x02
#define DCR_STROBE		0x01

#define DCR_NOT_1284_ACTIVE	0x08
#define DCR_ASTRB		0x08
#define DCR_NOT_REVERSE_REQUEST	0x04
#define DCR_NULL		0x04
#define DCR_NOT_HOST_BUSY	0x02
#define DCR_NOT_HOST_ACK	0x02
#define DCR_DSTRB		0x02
#define DCR_NOT_HOST_CLK	0x01
#define DCR_WRITE		0x01

/* Configuration register A */
#define CNFGA_IMPID_MASK	0x70
#define CNFGA_IMPID_SHIFT	4
#define CNFGA_IMPID_16BIT	0x00
#define CNFGA_IMPID_8BIT	0x10
#define CNFGA_IMPID_32BIT	0x20
#define CNFGA_NO_TRANS_BYTE	0x04

#define FIFO_PWORD_8BIT		1
#define FIFO_PWORD_16BIT	0
#define FIFO_PWORD_32BIT	2

/* Extended control register. The mask is that of the bits that are no mode. */
#define ECR_ERRINT_DISABLED	0x10
#define ECR_DMA_ENABLED		0x08
#define ECR_SVC_INT_DISABLED	0x04
#define ECR_MODE_MASK		0x1f
#define ECR_SPP_MODE		0x00
#define ECR_BYTE_MODE		0x20
#define ECR_BYTE_PIO_MODE	(ECR_BYTE_MODE | ECR_ERRINT_DISABLED | ECR_SVC_INT_DISABLED)
#define ECR_FASTCENT_MODE	0x40
#define ECR_ECP_MODE		0x60
#define ECR_ECP_PIO_MODE	(ECR_ECP_MODE | ECR_ERRINT_DISABLED | ECR_SVC_INT_DISABLED)
#define ECR_EPP_MODE		0x80
#define ECR_EPP_PIO_MODE	(ECR_EPP_MODE | ECR_ERRINT_DISABLED | ECR_SVC_INT_DISABLED)
#define ECR_RESERVED_MODE	0x10
#define ECR_TEST_MODE		0xc0
#define ECR_CONFIG_MODE		0xe0

#define DEFAULT_ECR_TEST		0xd4
#define DEFAULT_ECR_COMPATIBILITY	0x14
#define DEFAULT_ECR_CONFIGURATION	0xf4

#define ECR_FIFO_MASK		0x03
#define ECR_FIFO_FULL		0x02
#define ECR_FIFO_EMPTY		0x01
#define ECR_FIFO_SOME_DATA	0x00
#define ECP_MAX_FIFO_DEPTH	4098

#define TEST_ECR_FIFO(registerValue, testValue) \
	(((registerValue) & ECR_FIFO_MASK) == (testValue))

#define BIT_7	7
#define BIT_6	6
#define BIT_5	5
#define BIT_4	4
#define BIT_3	3
#define BIT_2	2
#define BIT_1	1
#define BIT_0	0

#define BIT_7_SET	0x80
#define BIT_6_SET	0x40
#define BIT_5_SET	0x20
#define BIT_4_SET	0x10
#define BIT_3_SET	0x8
#define BIT_2_SET	0x4
#define BIT_1_SET	0x2
#define BIT_0_SET	0x1

#define DIR_READ	1
#define DIR_WRITE	0
#define IRQEN_ENABLE	1
#define IRQEN_DISABLE	0
#define ACTIVE		1
#define INACTIVE	0
#define DONT_CARE	2

/* A value of the control register; the hardware inverts bits 3, 1 and 0. */
#define SET_DCR(b5, b4, b3, b2, b1, b0) \
	((UCHAR)(((b5) == ACTIVE ? BIT_5_SET : 0) | \
		 ((b4) == ACTIVE ? BIT_4_SET : 0) | \
		 ((b3) == ACTIVE ? 0 : BIT_3_SET) | \
		 ((b2) == ACTIVE ? BIT_2_SET : 0) | \
		 ((b1) == ACTIVE ? 0 : BIT_1_SET) | \
		 ((b0) == ACTIVE ? 0 : BIT_0_SET)))

typedef enum {
	PHASE_UNKNOWN,
	PHASE_NEGOTIATION,
	PHASE_SETUP,
	PHASE_FORWARD_IDLE,
	PHASE_FORWARD_XFER,
	PHASE_FWD_TO_REV,
	PHASE_REVERSE_IDLE,
	PHASE_REVERSE_XFER,
	PHASE_REV_TO_FWD,
	PHASE_TERMINATE,
	PHASE_DATA_AVAILABLE,
	PHASE_DATA_NOT_AVAIL,
	PHASE_INTERRUPT_HOST
} P1284_PHASE;

typedef enum {
	HW_MODE_COMPATIBILITY,
	HW_MODE_PS2,
	HW_MODE_FAST_CENTRONICS,
	HW_MODE_ECP,
	HW_MODE_EPP,
	HW_MODE_RESERVED,
	HW_MODE_TEST,
	HW_MODE_CONFIGURATION
} P1284_HW_MODE;

#endif /* _PARALLEL_ */
