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
PTA_WIN_EXPORT(pta_win_read_port_uchar);

USHORT pta_win_read_port_ushort(PUSHORT port)
{
	return inw(NUMBER(port));
}
PTA_WIN_EXPORT(pta_win_read_port_ushort);

ULONG pta_win_read_port_ulong(PULONG port)
{
	return inl(NUMBER(port));
}
PTA_WIN_EXPORT(pta_win_read_port_ulong);

void pta_win_write_port_uchar(PUCHAR port, UCHAR value)
{
	outb(value, NUMBER(port));
}
PTA_WIN_EXPORT(pta_win_write_port_uchar);

void pta_win_write_port_ushort(PUSHORT port, USHORT value)
{
	outw(value, NUMBER(port));
}
PTA_WIN_EXPORT(pta_win_write_port_ushort);

void pta_win_write_port_ulong(PULONG port, ULONG value)
{
	outl(value, NUMBER(port));
}
PTA_WIN_EXPORT(pta_win_write_port_ulong);

void pta_win_read_port_buffer_uchar(PUCHAR port, PUCHAR buffer, ULONG count)
{
	insb(NUMBER(port), buffer, count);
}
PTA_WIN_EXPORT(pta_win_read_port_buffer_uchar);

void pta_win_read_port_buffer_ushort(PUSHORT port, PUSHORT buffer, ULONG count)
{
	insw(NUMBER(port), buffer, count);
}
PTA_WIN_EXPORT(pta_win_read_port_buffer_ushort);

void pta_win_read_port_buffer_ulong(PULONG port, PULONG buffer, ULONG count)
{
	insl(NUMBER(port), buffer, count);
}
PTA_WIN_EXPORT(pta_win_read_port_buffer_ulong);

void pta_win_write_port_buffer_uchar(PUCHAR port, PUCHAR buffer, ULONG count)
{
	outsb(NUMBER(port), buffer, count);
}
PTA_WIN_EXPORT(pta_win_write_port_buffer_uchar);

void pta_win_write_port_buffer_ushort(PUSHORT port, PUSHORT buffer, ULONG count)
{
	outsw(NUMBER(port), buffer, count);
}
PTA_WIN_EXPORT(pta_win_write_port_buffer_ushort);

void pta_win_write_port_buffer_ulong(PULONG port, PULONG buffer, ULONG count)
{
	outsl(NUMBER(port), buffer, count);
}
PTA_WIN_EXPORT(pta_win_write_port_buffer_ulong);

#endif /* CONFIG_HAS_IOPORT */
