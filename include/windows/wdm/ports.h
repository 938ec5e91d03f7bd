/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Windows: access to I/O ports. The address is the number of the port.
 */
#ifndef _WDM_PORTS_
#define _WDM_PORTS_

#include "../ntdef.h"

UCHAR pta_win_read_port_uchar(PUCHAR port);
USHORT pta_win_read_port_ushort(PUSHORT port);
ULONG pta_win_read_port_ulong(PULONG port);
void pta_win_write_port_uchar(PUCHAR port, UCHAR value);
void pta_win_write_port_ushort(PUSHORT port, USHORT value);
void pta_win_write_port_ulong(PULONG port, ULONG value);
void pta_win_read_port_buffer_uchar(PUCHAR port, PUCHAR buffer, ULONG count);
void pta_win_read_port_buffer_ushort(PUSHORT port, PUSHORT buffer, ULONG count);
void pta_win_read_port_buffer_ulong(PULONG port, PULONG buffer, ULONG count);
void pta_win_write_port_buffer_uchar(PUCHAR port, PUCHAR buffer, ULONG count);
void pta_win_write_port_buffer_ushort(PUSHORT port, PUSHORT buffer, ULONG count);
void pta_win_write_port_buffer_ulong(PULONG port, PULONG buffer, ULONG count);

#define READ_PORT_UCHAR			pta_win_read_port_uchar
#define READ_PORT_USHORT		pta_win_read_port_ushort
#define READ_PORT_ULONG			pta_win_read_port_ulong
#define WRITE_PORT_UCHAR		pta_win_write_port_uchar
#define WRITE_PORT_USHORT		pta_win_write_port_ushort
#define WRITE_PORT_ULONG		pta_win_write_port_ulong
#define READ_PORT_BUFFER_UCHAR		pta_win_read_port_buffer_uchar
#define READ_PORT_BUFFER_USHORT		pta_win_read_port_buffer_ushort
#define READ_PORT_BUFFER_ULONG		pta_win_read_port_buffer_ulong
#define WRITE_PORT_BUFFER_UCHAR		pta_win_write_port_buffer_uchar
#define WRITE_PORT_BUFFER_USHORT	pta_win_write_port_buffer_ushort
#define WRITE_PORT_BUFFER_ULONG		pta_win_write_port_buffer_ulong

#endif /* _WDM_PORTS_ */
