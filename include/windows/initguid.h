/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Windows: included before the others by the one source of a driver that has the GUIDs
 * which the others name.
 */
#ifndef INITGUID
#define INITGUID
#endif

#include "ntdef.h"
