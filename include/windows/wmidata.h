/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The counters of a parallel port that Windows' port driver reports with WMI, by the
 * names of Windows' header, which has those of all of Windows.
 *
 * There is no WMI here: nothing asks for them, and the port's own counters are in
 * sysfs. A driver that keeps such counters compiles with it.
 */
#ifndef _WMIDATA_
#define _WMIDATA_

#include "wdm.h"

/* The value of a GUID */
#define PARPORT_WMI_ALLOCATE_FREE_COUNTS_GUID \
	{ 0x4bbb69ea, 0x6853, 0x11d2, \
	  { 0x8e, 0xce, 0x00, 0xc0, 0x4f, 0x8e, 0xf4, 0x81 } }

/* How often the port was allocated and freed */
typedef struct _PARPORT_WMI_ALLOC_FREE_COUNTS {
	ULONG PortAllocates;
	ULONG PortFrees;
} PARPORT_WMI_ALLOC_FREE_COUNTS, *PPARPORT_WMI_ALLOC_FREE_COUNTS;

#endif /* _WMIDATA_ */
