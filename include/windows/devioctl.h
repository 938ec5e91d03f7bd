/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Windows: how the number of a device control request is made up.
 */
#ifndef _DEVIOCTL_
#define _DEVIOCTL_

#ifndef DEVICE_TYPE
#define DEVICE_TYPE	ULONG
#endif

#define FILE_DEVICE_CONTROLLER		0x00000004
#define FILE_DEVICE_KEYBOARD		0x0000000b
#define FILE_DEVICE_NULL		0x00000015
#define FILE_DEVICE_PARALLEL_PORT	0x00000016
#define FILE_DEVICE_PRINTER		0x00000018
#define FILE_DEVICE_SCANNER		0x00000019
#define FILE_DEVICE_SERIAL_PORT		0x0000001b
#define FILE_DEVICE_UNKNOWN		0x00000022
#define FILE_DEVICE_BUS_EXTENDER	0x0000002a

#define CTL_CODE(device, function, method, access) \
	(((device) << 16) | ((access) << 14) | ((function) << 2) | (method))
#define DEVICE_TYPE_FROM_CTL_CODE(code)	(((ULONG)(code) & 0xffff0000) >> 16)
#define METHOD_FROM_CTL_CODE(code)	((ULONG)(code) & 3)

#define METHOD_BUFFERED		0
#define METHOD_IN_DIRECT	1
#define METHOD_OUT_DIRECT	2
#define METHOD_NEITHER		3

#define FILE_ANY_ACCESS		0
#define FILE_SPECIAL_ACCESS	FILE_ANY_ACCESS
#define FILE_READ_ACCESS	0x0001
#define FILE_WRITE_ACCESS	0x0002

#endif /* _DEVIOCTL_ */
