/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Windows: what a class driver's port access uses of the kernel, as it is said in
 * the pages of the Windows driver kit. It is not all of <wdm.h>: what is not here
 * has no meaning for a parallel port, or no meaning on Linux.
 *
 * IRQLs are Linux contexts: PASSIVE_LEVEL is a thread, DISPATCH_LEVEL a softirq or
 * whatever else has bottom halves off, and what is above runs with interrupts off.
 * Each function may be called at the IRQLs that Windows allows, on PREEMPT_RT too.
 *
 * The functions are exported GPL-only in the symbol namespace PARPORT_TRY_ALLOC.
 */
#ifndef _WDM_
#define _WDM_
#define _WDMDDK_

#include "ntdef.h"
#include "devioctl.h"
#include "string.h"

#include "wdm/memory.h"
#include "wdm/kernel.h"
#include "wdm/io.h"
#include "wdm/driver.h"
#include "wdm/ports.h"

#endif /* _WDM_ */
