/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Windows: included before the others by a source that has the GUIDs which the others
 * name. Several of a driver's may.
 */
#ifndef INITGUID
#define INITGUID
#endif

#include "ntdef.h"

/* If <ntdef.h> was there first, it declares only. */
#undef DEFINE_GUID
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) \
	const GUID name __weak = { l, w1, w2, { b1, b2, b3, b4, b5, b6, b7, b8 } }
