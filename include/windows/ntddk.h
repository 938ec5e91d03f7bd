/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Windows: what drivers that are no WDM drivers include. For a class driver's port
 * access it is the same.
 */
#ifndef _NTDDK_
#define _NTDDK_

#include "wdm.h"

#endif /* _NTDDK_ */
