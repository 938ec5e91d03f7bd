// SPDX-License-Identifier: GPL-2.0
/*
 * What of the Windows door is in Rust and used by class drivers. See also
 * rust/exports.c.
 */
#include <linux/export.h>

#include <wdm.h>

EXPORT_SYMBOL_NS_GPL(pta_win_open, "PARPORT_TRY_ALLOC");
EXPORT_SYMBOL_NS_GPL(pta_win_reference, "PARPORT_TRY_ALLOC");
EXPORT_SYMBOL_NS_GPL(pta_win_dereference, "PARPORT_TRY_ALLOC");
EXPORT_SYMBOL_NS_GPL(pta_win_synchronize, "PARPORT_TRY_ALLOC");
