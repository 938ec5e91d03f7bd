// SPDX-License-Identifier: GPL-2.0
/*
 * Access to I/O ports.
 */

#include <linux/io.h>

#include "runtime.h"

/* Where there are no I/O ports, there is no such parallel port. */
#ifdef CONFIG_HAS_IOPORT

#define NUMBER(port)	((unsigned long)(port))

UCHAR pta_win_read_port_uchar(PUCHAR port)
{
	return inb(NUMBER(port));
}
EXPORT_SYMBOL_NS_GPL(pta_win_read_port_uchar, "PARPORT_TRY_ALLOC");

USHORT pta_win_read_port_ushort(PUSHORT port)
{
	return inw(NUMBER(port));
}
EXPORT_SYMBOL_NS_GPL(pta_win_read_port_ushort, "PARPORT_TRY_ALLOC");

ULONG pta_win_read_port_ulong(PULONG port)
{
	return inl(NUMBER(port));
}
EXPORT_SYMBOL_NS_GPL(pta_win_read_port_ulong, "PARPORT_TRY_ALLOC");

void pta_win_write_port_uchar(PUCHAR port, UCHAR value)
{
	outb(value, NUMBER(port));
}
EXPORT_SYMBOL_NS_GPL(pta_win_write_port_uchar, "PARPORT_TRY_ALLOC");

void pta_win_write_port_ushort(PUSHORT port, USHORT value)
{
	outw(value, NUMBER(port));
}
EXPORT_SYMBOL_NS_GPL(pta_win_write_port_ushort, "PARPORT_TRY_ALLOC");

void pta_win_write_port_ulong(PULONG port, ULONG value)
{
	outl(value, NUMBER(port));
}
EXPORT_SYMBOL_NS_GPL(pta_win_write_port_ulong, "PARPORT_TRY_ALLOC");

void pta_win_read_port_buffer_uchar(PUCHAR port, PUCHAR buffer, ULONG count)
{
	insb(NUMBER(port), buffer, count);
}
EXPORT_SYMBOL_NS_GPL(pta_win_read_port_buffer_uchar, "PARPORT_TRY_ALLOC");

void pta_win_read_port_buffer_ushort(PUSHORT port, PUSHORT buffer, ULONG count)
{
	insw(NUMBER(port), buffer, count);
}
EXPORT_SYMBOL_NS_GPL(pta_win_read_port_buffer_ushort, "PARPORT_TRY_ALLOC");

void pta_win_read_port_buffer_ulong(PULONG port, PULONG buffer, ULONG count)
{
	insl(NUMBER(port), buffer, count);
}
EXPORT_SYMBOL_NS_GPL(pta_win_read_port_buffer_ulong, "PARPORT_TRY_ALLOC");

void pta_win_write_port_buffer_uchar(PUCHAR port, PUCHAR buffer, ULONG count)
{
	outsb(NUMBER(port), buffer, count);
}
EXPORT_SYMBOL_NS_GPL(pta_win_write_port_buffer_uchar, "PARPORT_TRY_ALLOC");

void pta_win_write_port_buffer_ushort(PUSHORT port, PUSHORT buffer, ULONG count)
{
	outsw(NUMBER(port), buffer, count);
}
EXPORT_SYMBOL_NS_GPL(pta_win_write_port_buffer_ushort, "PARPORT_TRY_ALLOC");

void pta_win_write_port_buffer_ulong(PULONG port, PULONG buffer, ULONG count)
{
	outsl(NUMBER(port), buffer, count);
}
EXPORT_SYMBOL_NS_GPL(pta_win_write_port_buffer_ulong, "PARPORT_TRY_ALLOC");

#endif /* CONFIG_HAS_IOPORT */
