// SPDX-License-Identifier: GPL-2.0
/*
 * Counted strings of wide characters. What does not fit is refused as a whole.
 */

#include <linux/ctype.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "runtime.h"

static NTSTATUS append(PUNICODE_STRING to, const WCHAR *text, USHORT length)
{
	if (length > to->MaximumLength - to->Length)
		return STATUS_BUFFER_TOO_SMALL;
	memmove((char *)to->Buffer + to->Length, text, length);
	to->Length += length;
	/* With a zero after it if there is place for one */
	if (to->MaximumLength - to->Length >= sizeof(WCHAR))
		to->Buffer[to->Length / sizeof(WCHAR)] = UNICODE_NULL;
	return STATUS_SUCCESS;
}

NTSTATUS pta_win_append_string(PUNICODE_STRING to, PCUNICODE_STRING from)
{
	return append(to, from->Buffer, from->Length);
}
EXPORT_SYMBOL_NS_GPL(pta_win_append_string, "PARPORT_TRY_ALLOC");

NTSTATUS pta_win_append_text(PUNICODE_STRING to, PCWSTR from)
{
	UNICODE_STRING string;

	RtlInitUnicodeString(&string, from);
	return append(to, string.Buffer, string.Length);
}
EXPORT_SYMBOL_NS_GPL(pta_win_append_text, "PARPORT_TRY_ALLOC");

/* This one cuts off. */
void pta_win_copy_string(PUNICODE_STRING to, PCUNICODE_STRING from)
{
	to->Length = 0;
	if (from)
		append(to, from->Buffer, min(from->Length, to->MaximumLength & ~1));
}
EXPORT_SYMBOL_NS_GPL(pta_win_copy_string, "PARPORT_TRY_ALLOC");

static WCHAR fold(WCHAR c, BOOLEAN ignore_case)
{
	return ignore_case && c < 0x80 ? toupper(c) : c;
}

LONG pta_win_compare_strings(PCUNICODE_STRING a, PCUNICODE_STRING b, BOOLEAN ignore_case)
{
	USHORT length = min(a->Length, b->Length) / sizeof(WCHAR);

	for (USHORT i = 0; i < length; i++) {
		WCHAR left = fold(a->Buffer[i], ignore_case);
		WCHAR right = fold(b->Buffer[i], ignore_case);

		if (left != right)
			return left - right;
	}
	return a->Length - b->Length;
}
EXPORT_SYMBOL_NS_GPL(pta_win_compare_strings, "PARPORT_TRY_ALLOC");

NTSTATUS pta_win_number_to_string(ULONG number, ULONG base, PUNICODE_STRING to)
{
	/* As many digits as the smallest base needs */
	WCHAR digits[32];
	int first = ARRAYSIZE(digits);

	if (!base)
		base = 10;
	if (base != 2 && base != 8 && base != 10 && base != 16)
		return STATUS_INVALID_PARAMETER;
	do {
		digits[--first] = "0123456789ABCDEF"[number % base];
		number /= base;
	} while (number);
	if ((ARRAYSIZE(digits) - first) * sizeof(WCHAR) > to->MaximumLength)
		return STATUS_BUFFER_OVERFLOW;
	to->Length = 0;
	return append(to, digits + first, (ARRAYSIZE(digits) - first) * sizeof(WCHAR));
}
EXPORT_SYMBOL_NS_GPL(pta_win_number_to_string, "PARPORT_TRY_ALLOC");
