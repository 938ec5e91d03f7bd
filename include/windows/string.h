/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Windows: what of the C library a driver has by including <ntddk.h>. Where Linux has
 * its own functions already, they are left alone.
 */
#ifndef _PTA_WIN_STRING_
#define _PTA_WIN_STRING_

#include "ntdef.h"

#ifndef _LINUX_STRING_H_
void *memcpy(void *to, const void *from, size_t length);
void *memmove(void *to, const void *from, size_t length);
void *memset(void *to, int byte, size_t length);
int memcmp(const void *a, const void *b, size_t length);
size_t strlen(const char *text);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t length);
#endif

FORCEINLINE size_t wcslen(PCWSTR text)
{
	size_t length = 0;

	while (text[length])
		length++;
	return length;
}

#endif /* _PTA_WIN_STRING_ */
