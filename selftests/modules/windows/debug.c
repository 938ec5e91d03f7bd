// SPDX-License-Identifier: GPL-2.0
/*
 * DbgPrint(): the script looks into the log. What surrounds a number of 32 bits has
 * all bits set, so that one that is read as 64 bits shows.
 */
#define DBG 1
#include <ntddk.h>

#include "harness.h"

const char *debug_print(void)
{
	volatile LONGLONG ones = -1;
	UNICODE_STRING wide = RTL_CONSTANT_STRING(L"wide");
	ANSI_STRING narrow;

	RtlInitAnsiString(&narrow, "narrow and more");
	narrow.Length = 6;
	DbgPrint("pta_windows: %ld %lu %lx %08lX %d\n", (LONG)ones, (ULONG)ones, (ULONG)ones,
		 0xabcUL, -5);
	/* By now they are on the stack. */
	DbgPrint("pta_windows: %I64d %I64x %ld %ld %lx|\n", ones, ones, (LONG)ones, 7, 0x12);
	DbgPrint("pta_windows: %s %ws %S %wZ %Z %c|\n", "text", L"more", L"still more", &wide,
		 &narrow, 'c');
	DbgPrint("pta_windows: %5s|%-5s|%.2s|%5d|%-5d|%*d|%%\n", "ab", "ab", "abcd", 42, 42,
		 4, 7);
	DbgPrint("pta_windows: %s %ws %wZ %hx\n", NULL, NULL, NULL, 0x12345);
	DbgPrint("pta_windows: %*s|%*d|%-*d|%.*s|%hhx %hhd\n", -4, "ab", -4, 7, -4, 7, -1,
		 "abc", 0x12345, 0x1ff);
	KdPrint(("pta_windows: checked build\n"));
	return NULL;
}
