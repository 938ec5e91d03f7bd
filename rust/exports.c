// SPDX-License-Identifier: GPL-2.0
/*
 * The symbols that other modules may use. They are exported from C because the
 * prototypes in the public header are what class drivers compile against.
 */

#include <linux/export.h>
#include <linux/parport_try_alloc.h>

EXPORT_SYMBOL_NS_GPL(pta_open, "PARPORT_TRY_ALLOC");
EXPORT_SYMBOL_NS_GPL(pta_close, "PARPORT_TRY_ALLOC");
EXPORT_SYMBOL_NS_GPL(pta_try_allocate, "PARPORT_TRY_ALLOC");
EXPORT_SYMBOL_NS_GPL(pta_allocate, "PARPORT_TRY_ALLOC");
EXPORT_SYMBOL_NS_GPL(pta_allocate_async, "PARPORT_TRY_ALLOC");
EXPORT_SYMBOL_NS_GPL(pta_cancel, "PARPORT_TRY_ALLOC");
EXPORT_SYMBOL_NS_GPL(pta_free, "PARPORT_TRY_ALLOC");
EXPORT_SYMBOL_NS_GPL(pta_connect_interrupt, "PARPORT_TRY_ALLOC");
EXPORT_SYMBOL_NS_GPL(pta_disconnect_interrupt, "PARPORT_TRY_ALLOC");
EXPORT_SYMBOL_NS_GPL(pta_synchronize, "PARPORT_TRY_ALLOC");
EXPORT_SYMBOL_NS_GPL(pta_interrupt_time, "PARPORT_TRY_ALLOC");
EXPORT_SYMBOL_NS_GPL(pta_get_port_info, "PARPORT_TRY_ALLOC");
EXPORT_SYMBOL_NS_GPL(pta_query_waiters, "PARPORT_TRY_ALLOC");
EXPORT_SYMBOL_NS_GPL(pta_parport, "PARPORT_TRY_ALLOC");
EXPORT_SYMBOL_NS_GPL(pta_read_data, "PARPORT_TRY_ALLOC");
EXPORT_SYMBOL_NS_GPL(pta_read_status, "PARPORT_TRY_ALLOC");
EXPORT_SYMBOL_NS_GPL(pta_read_control, "PARPORT_TRY_ALLOC");
EXPORT_SYMBOL_NS_GPL(pta_write_data, "PARPORT_TRY_ALLOC");
EXPORT_SYMBOL_NS_GPL(pta_write_control, "PARPORT_TRY_ALLOC");
