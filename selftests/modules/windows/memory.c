// SPDX-License-Identifier: GPL-2.0
/*
 * Types, interlocked operations, lists, pool, blocks of memory and strings.
 */
#include <ntddk.h>

#include "harness.h"

C_ASSERT(sizeof(CHAR) == 1 && sizeof(USHORT) == 2 && sizeof(LONG) == 4);
C_ASSERT(sizeof(ULONG) == 4 && sizeof(LONGLONG) == 8 && sizeof(BOOLEAN) == 1);
C_ASSERT(sizeof(WCHAR) == 2 && sizeof(L"ab") == 6);
C_ASSERT(sizeof(ULONG_PTR) == sizeof(PVOID) && sizeof(KIRQL) == 1);
C_ASSERT(sizeof(LARGE_INTEGER) == 8 && sizeof(NTSTATUS) == 4);
C_ASSERT(FIELD_OFFSET(LARGE_INTEGER, HighPart) == 4);
C_ASSERT(CTL_CODE(FILE_DEVICE_PARALLEL_PORT, 11, METHOD_BUFFERED, FILE_ANY_ACCESS) ==
	 0x0016002c);
C_ASSERT(NT_SUCCESS(STATUS_PENDING) && !NT_SUCCESS(STATUS_DEVICE_BUSY));
C_ASSERT(NT_WARNING(STATUS_DEVICE_BUSY) && NT_ERROR(STATUS_CANCELLED));

const char *interlocked(void)
{
	LONG value = 5;
	PVOID pointer = &value;

	CHECK(InterlockedIncrement(&value) == 6 && value == 6);
	CHECK(InterlockedDecrement(&value) == 5 && value == 5);
	CHECK(InterlockedExchange(&value, 9) == 5 && value == 9);
	CHECK(InterlockedExchangeAdd(&value, -4) == 9 && value == 5);
	CHECK(InterlockedCompareExchange(&value, 7, 6) == 5 && value == 5);
	CHECK(InterlockedCompareExchange(&value, 7, 5) == 5 && value == 7);
	CHECK(InterlockedOr(&value, 8) == 7 && value == 15);
	CHECK(InterlockedAnd(&value, 6) == 15 && value == 6);
	CHECK(InterlockedExchangePointer(&pointer, NULL) == &value && !pointer);
	CHECK(!InterlockedCompareExchangePointer(&pointer, &value, &value) && !pointer);
	CHECK(!InterlockedCompareExchangePointer(&pointer, &value, NULL));
	CHECK(pointer == &value);
	return NULL;
}

struct thing {
	LONG number;
	LIST_ENTRY entry;
};

const char *lists(void)
{
	struct thing one = { 1 }, two = { 2 }, three = { 3 };
	SINGLE_LIST_ENTRY first, second, stack = { NULL };
	LIST_ENTRY head;

	InitializeListHead(&head);
	CHECK(IsListEmpty(&head));
	InsertTailList(&head, &two.entry);
	InsertTailList(&head, &three.entry);
	InsertHeadList(&head, &one.entry);
	CHECK(!IsListEmpty(&head));
	CHECK(head.Flink == &one.entry && head.Blink == &three.entry);
	CHECK(CONTAINING_RECORD(head.Flink->Flink, struct thing, entry)->number == 2);
	CHECK(!RemoveEntryList(&two.entry));
	CHECK(one.entry.Flink == &three.entry && three.entry.Blink == &one.entry);
	CHECK(RemoveTailList(&head) == &three.entry);
	CHECK(RemoveHeadList(&head) == &one.entry);
	CHECK(IsListEmpty(&head));
	InsertHeadList(&head, &one.entry);
	CHECK(RemoveEntryList(&one.entry));

	PushEntryList(&stack, &first);
	PushEntryList(&stack, &second);
	CHECK(PopEntryList(&stack) == &second);
	CHECK(PopEntryList(&stack) == &first);
	CHECK(!PopEntryList(&stack));
	return NULL;
}

const char *pool(void)
{
	PUCHAR small = ExAllocatePool(PagedPool, 10);
	PUCHAR tagged = ExAllocatePoolWithTag(NonPagedPool, 10000, 'tseT');

	CHECK(small && tagged && small != tagged);
	RtlFillMemory(tagged, 10000, 0x5a);
	CHECK(tagged[0] == 0x5a && tagged[9999] == 0x5a);
	ExFreePool(small);
	ExFreePoolWithTag(tagged, 'tseT');
	/* More than there is: refused, with nothing said about it */
	CHECK(!ExAllocatePool(NonPagedPool, (SIZE_T)1 << 40));
	return NULL;
}

const char *blocks(void)
{
	UCHAR from[] = { 1, 2, 3, 4, 5 }, to[5];

	RtlCopyMemory(to, from, 5);
	CHECK(RtlCompareMemory(to, from, 5) == 5);
	to[3] = 9;
	CHECK(RtlCompareMemory(to, from, 5) == 3);
	CHECK(!RtlEqualMemory(to, from, 5) && RtlEqualMemory(to, from, 3));
	RtlMoveMemory(to + 1, to, 4);
	CHECK(to[0] == 1 && to[1] == 1 && to[4] == 9);
	RtlZeroMemory(to, 4);
	CHECK(!to[0] && !to[3] && to[4] == 9);
	return NULL;
}

const char *strings(void)
{
	static const WCHAR name[] = L"\\Device\\ParallelPort0";
	UNICODE_STRING string;
	ANSI_STRING narrow;

	RtlInitUnicodeString(&string, name);
	CHECK(string.Buffer == name);
	CHECK(string.Length == 21 * sizeof(WCHAR) && wcslen(name) == 21);
	CHECK(string.MaximumLength == 22 * sizeof(WCHAR));
	RtlInitUnicodeString(&string, NULL);
	CHECK(!string.Buffer && !string.Length && !string.MaximumLength);
	RtlInitAnsiString(&narrow, "four");
	CHECK(narrow.Length == 4 && narrow.MaximumLength == 5);
	return NULL;
}

const char *string_functions(void)
{
	UNICODE_STRING device = RTL_CONSTANT_STRING(L"\\device\\");
	UNICODE_STRING device7 = RTL_CONSTANT_STRING(L"\\Device\\7");
	UNICODE_STRING built, number;
	WCHAR room[10], digits[8];

	/* One byte less than a zero at the end would need */
	built = (UNICODE_STRING) { 0, sizeof(room) - 1, room };
	number = (UNICODE_STRING) { 0, sizeof(digits), digits };
	CHECK(RtlIntegerToUnicodeString(7, 10, &number) == STATUS_SUCCESS);
	CHECK(number.Length == sizeof(WCHAR) && digits[0] == '7' && !digits[1]);
	CHECK(RtlAppendUnicodeToString(&built, L"\\Device\\") == STATUS_SUCCESS);
	CHECK(RtlEqualUnicodeString(&built, &device, TRUE));
	CHECK(!RtlEqualUnicodeString(&built, &device, FALSE));
	CHECK(RtlAppendUnicodeStringToString(&built, &number) == STATUS_SUCCESS);
	CHECK(RtlEqualUnicodeString(&built, &device7, FALSE));
	CHECK(RtlCompareUnicodeString(&device, &built, TRUE) < 0);
	/* It is full now, and stays as it is. */
	CHECK(RtlAppendUnicodeToString(&built, L"x") == STATUS_BUFFER_TOO_SMALL);
	CHECK(RtlEqualUnicodeString(&built, &device7, FALSE));
	/* This one takes what there is place for. */
	RtlCopyUnicodeString(&number, &device7);
	CHECK(number.Length == sizeof(digits) && digits[7] == '\\');

	CHECK(RtlIntegerToUnicodeString(0xbeef, 16, &number) == STATUS_SUCCESS);
	CHECK(number.Length == 4 * sizeof(WCHAR) && digits[0] == 'B' && digits[3] == 'F');
	CHECK(RtlIntegerToUnicodeString(123456789, 10, &number) == STATUS_BUFFER_OVERFLOW);
	CHECK(RtlIntegerToUnicodeString(1, 7, &number) == STATUS_INVALID_PARAMETER);
	CHECK(number.Length == 4 * sizeof(WCHAR));
	return NULL;
}
