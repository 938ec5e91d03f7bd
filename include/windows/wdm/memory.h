/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Windows: pool, blocks of memory, strings, lists, and interlocked operations.
 */
#ifndef _WDM_MEMORY_
#define _WDM_MEMORY_

#include "../ntdef.h"

/* --- pool -------------------------------------------------------------------- */

/* All of the kernel's memory is non-paged here. */
typedef enum _POOL_TYPE {
	NonPagedPool,
	NonPagedPoolExecute = NonPagedPool,
	PagedPool,
	NonPagedPoolMustSucceed,
	NonPagedPoolCacheAligned = 4,
	PagedPoolCacheAligned,
	NonPagedPoolNx = 512
} POOL_TYPE;

PVOID pta_win_allocate_pool(SIZE_T size);
void pta_win_free_pool(PVOID pool);

#define ExAllocatePool(type, size) \
	((void)(type), pta_win_allocate_pool(size))
#define ExAllocatePoolWithTag(type, size, tag) \
	((void)(type), (void)(tag), pta_win_allocate_pool(size))
#define ExFreePool		pta_win_free_pool
#define ExFreePoolWithTag(pool, tag) \
	((void)(tag), pta_win_free_pool(pool))

/* --- blocks of memory -------------------------------------------------------- */

#define RtlZeroMemory(to, length)	((void)__builtin_memset(to, 0, length))
#define RtlFillMemory(to, length, byte)	((void)__builtin_memset(to, byte, length))
#define RtlCopyMemory(to, from, length)	((void)__builtin_memcpy(to, from, length))
#define RtlMoveMemory(to, from, length)	((void)__builtin_memmove(to, from, length))
#define RtlEqualMemory(a, b, length)	(!__builtin_memcmp(a, b, length))
#define RtlCopyBytes			RtlCopyMemory
#define RtlZeroBytes			RtlZeroMemory
#define RtlFillBytes			RtlFillMemory

/* How many bytes are equal, from the first on? */
FORCEINLINE SIZE_T RtlCompareMemory(const VOID *a, const VOID *b, SIZE_T length)
{
	const UCHAR *left = a, *right = b;
	SIZE_T equal = 0;

	while (equal < length && left[equal] == right[equal])
		equal++;
	return equal;
}

/* --- strings ----------------------------------------------------------------- */

FORCEINLINE VOID RtlInitUnicodeString(PUNICODE_STRING string, PCWSTR source)
{
	/* What does not fit is cut off: Length is of 16 bit, and so is the zero. */
	USHORT length = 0;

	if (source)
		while (source[length / sizeof(WCHAR)] && length < MAXUSHORT - 3)
			length += sizeof(WCHAR);
	string->Length = length;
	string->MaximumLength = source ? length + sizeof(WCHAR) : 0;
	string->Buffer = (PWSTR)source;
}

FORCEINLINE VOID RtlInitAnsiString(PANSI_STRING string, PCSTR source)
{
	USHORT length = 0;

	if (source)
		while (source[length] && length < MAXUSHORT - 1)
			length++;
	string->Length = length;
	string->MaximumLength = source ? length + 1 : 0;
	string->Buffer = (PCHAR)source;
}

NTSTATUS pta_win_append_string(PUNICODE_STRING to, PCUNICODE_STRING from);
NTSTATUS pta_win_append_text(PUNICODE_STRING to, PCWSTR from);
void pta_win_copy_string(PUNICODE_STRING to, PCUNICODE_STRING from);
LONG pta_win_compare_strings(PCUNICODE_STRING a, PCUNICODE_STRING b, BOOLEAN ignore_case);
NTSTATUS pta_win_number_to_string(ULONG number, ULONG base, PUNICODE_STRING to);

#define RtlAppendUnicodeStringToString	pta_win_append_string
#define RtlAppendUnicodeToString	pta_win_append_text
#define RtlCopyUnicodeString		pta_win_copy_string
#define RtlCompareUnicodeString		pta_win_compare_strings
#define RtlEqualUnicodeString(a, b, ignore_case) \
	(!pta_win_compare_strings(a, b, ignore_case))
#define RtlIntegerToUnicodeString	pta_win_number_to_string

/* --- lists ------------------------------------------------------------------- */

FORCEINLINE VOID InitializeListHead(PLIST_ENTRY head)
{
	head->Flink = head;
	head->Blink = head;
}

FORCEINLINE BOOLEAN IsListEmpty(const LIST_ENTRY *head)
{
	return head->Flink == head;
}

/* True if the list is empty now. */
FORCEINLINE BOOLEAN RemoveEntryList(PLIST_ENTRY entry)
{
	PLIST_ENTRY next = entry->Flink, previous = entry->Blink;

	previous->Flink = next;
	next->Blink = previous;
	return next == previous;
}

FORCEINLINE PLIST_ENTRY RemoveHeadList(PLIST_ENTRY head)
{
	PLIST_ENTRY entry = head->Flink;

	RemoveEntryList(entry);
	return entry;
}

FORCEINLINE PLIST_ENTRY RemoveTailList(PLIST_ENTRY head)
{
	PLIST_ENTRY entry = head->Blink;

	RemoveEntryList(entry);
	return entry;
}

FORCEINLINE VOID InsertHeadList(PLIST_ENTRY head, PLIST_ENTRY entry)
{
	PLIST_ENTRY next = head->Flink;

	entry->Flink = next;
	entry->Blink = head;
	next->Blink = entry;
	head->Flink = entry;
}

FORCEINLINE VOID InsertTailList(PLIST_ENTRY head, PLIST_ENTRY entry)
{
	PLIST_ENTRY previous = head->Blink;

	entry->Flink = head;
	entry->Blink = previous;
	previous->Flink = entry;
	head->Blink = entry;
}

FORCEINLINE VOID PushEntryList(PSINGLE_LIST_ENTRY head, PSINGLE_LIST_ENTRY entry)
{
	entry->Next = head->Next;
	head->Next = entry;
}

FORCEINLINE PSINGLE_LIST_ENTRY PopEntryList(PSINGLE_LIST_ENTRY head)
{
	PSINGLE_LIST_ENTRY entry = head->Next;

	if (entry)
		head->Next = entry->Next;
	return entry;
}

/* --- interlocked operations --------------------------------------------------- */

/* Full barriers, as on Windows. */
FORCEINLINE LONG InterlockedIncrement(LONG volatile *value)
{
	return __atomic_add_fetch(value, 1, __ATOMIC_SEQ_CST);
}

FORCEINLINE LONG InterlockedDecrement(LONG volatile *value)
{
	return __atomic_sub_fetch(value, 1, __ATOMIC_SEQ_CST);
}

FORCEINLINE LONG InterlockedExchange(LONG volatile *value, LONG to)
{
	return __atomic_exchange_n(value, to, __ATOMIC_SEQ_CST);
}

FORCEINLINE LONG InterlockedExchangeAdd(LONG volatile *value, LONG what)
{
	return __atomic_fetch_add(value, what, __ATOMIC_SEQ_CST);
}

FORCEINLINE LONG InterlockedCompareExchange(LONG volatile *value, LONG to, LONG from)
{
	__atomic_compare_exchange_n(value, &from, to, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	return from;
}

FORCEINLINE LONG InterlockedAnd(LONG volatile *value, LONG what)
{
	return __atomic_fetch_and(value, what, __ATOMIC_SEQ_CST);
}

FORCEINLINE LONG InterlockedOr(LONG volatile *value, LONG what)
{
	return __atomic_fetch_or(value, what, __ATOMIC_SEQ_CST);
}

FORCEINLINE PVOID pta_win_exchange_pointer(PVOID volatile *value, PVOID to)
{
	return __atomic_exchange_n(value, to, __ATOMIC_SEQ_CST);
}

#define InterlockedExchangePointer(value, to) \
	pta_win_exchange_pointer((PVOID volatile *)(value), (PVOID)(to))

FORCEINLINE PVOID pta_win_compare_exchange_pointer(PVOID volatile *value, PVOID to, PVOID from)
{
	__atomic_compare_exchange_n(value, &from, to, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	return from;
}

#define InterlockedCompareExchangePointer(value, to, from) \
	pta_win_compare_exchange_pointer((PVOID volatile *)(value), (PVOID)(to), (PVOID)(from))

#define KeMemoryBarrier()	__atomic_thread_fence(__ATOMIC_SEQ_CST)

#endif /* _WDM_MEMORY_ */
