/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Windows: the basic types, and the macros that go with them.
 *
 * The headers of this directory let the port access of a Windows class driver
 * compile unchanged, as a part of a Linux kernel module. They include no Linux
 * header, so that a Windows source sees Windows names only, and names with the
 * prefix pta_win.
 *
 * A source that needs both includes what it needs of <linux/...> first. Names that
 * mean the same in both (NULL, BOOLEAN, TRUE) are defined here unless they are
 * there already, and so is what only looks the same but is rather Linux' (min(),
 * max(), ASSERT()).
 *
 * Microsoft's compiler has a signed char, and lets a pool tag be 'four': a ported driver
 * is compiled with -fsigned-char -Wno-multichar.
 */
#ifndef _NTDEF_
#define _NTDEF_

/* --- what Microsoft's compiler knows ----------------------------------------- */

#define __int8		char
#define __int16		short
#define __int32		int
#define __int64		long long

/* There is one calling convention here. */
#define __cdecl
#define __stdcall
#define __fastcall
#define _cdecl
#define _stdcall
#define __declspec(x)
#define __forceinline	__always_inline
#define FORCEINLINE	static __forceinline
#define DECLSPEC_IMPORT
#define DECLSPEC_NORETURN
#define DECLSPEC_ALIGN(x)	__aligned(x)
#define CDECL
#define FASTCALL
#define NTAPI
#define NTAPI_INLINE
#define NTSYSAPI
#define NTKERNELAPI
#define NTHALAPI
#define DDKAPI
#define EXTERN_C	extern
#define INITCODE
#define PAGEDCODE
#define LOCKEDCODE

#if !defined(DBG)
#define DBG	0
#endif

/* --- annotations ------------------------------------------------------------- */

#define IN
#define OUT
#define OPTIONAL
#define UNALIGNED

#define _In_
#define _In_opt_
#define _In_z_
#define _In_opt_z_
#define _In_reads_(n)
#define _In_reads_opt_(n)
#define _In_reads_bytes_(n)
#define _In_reads_bytes_opt_(n)
#define _In_range_(low, high)
#define _Inout_
#define _Inout_opt_
#define _Inout_updates_(n)
#define _Inout_updates_bytes_(n)
#define _Out_
#define _Out_opt_
#define _Out_writes_(n)
#define _Out_writes_opt_(n)
#define _Out_writes_bytes_(n)
#define _Out_writes_bytes_opt_(n)
#define _Out_writes_bytes_to_(n, count)
#define _Outptr_
#define _Outptr_opt_
#define _Ret_maybenull_
#define _Must_inspect_result_
#define _Check_return_
#define _Success_(expression)
#define _When_(expression, annotation)
#define _Function_class_(name)
#define _Use_decl_annotations_
#define _IRQL_requires_(irql)
#define _IRQL_requires_min_(irql)
#define _IRQL_requires_max_(irql)
#define _IRQL_requires_same_
#define _IRQL_raises_(irql)
#define _IRQL_saves_
#define _IRQL_restores_
#define _Requires_lock_held_(lock)
#define _Requires_lock_not_held_(lock)
#define _Acquires_lock_(lock)
#define _Releases_lock_(lock)
#define _Analysis_assume_(expression)
#define _Pre_
#define _Post_
#define _Kernel_clear_do_init_(annotation)
#define _Dispatch_type_(major)

#define __in
#define __in_opt
#define __in_bcount(n)
#define __in_bcount_opt(n)
#define __in_ecount(n)
#define __in_ecount_opt(n)
#define __inout
#define __inout_opt
#define __inout_bcount(n)
#define __out
#define __out_opt
#define __out_bcount(n)
#define __out_bcount_opt(n)
#define __out_bcount_part(n, count)
#define __out_ecount(n)
#define __deref_out
#define __deref_in
#define __reserved
#define __checkReturn
#define __drv_dispatchType(major)
#define __drv_sameIRQL
#define __drv_requiresIRQL(irql)
#define __drv_maxIRQL(irql)
#define __drv_functionClass(name)
#define __drv_aliasesMem

/* --- types ------------------------------------------------------------------- */

/* As on Windows, and unlike on Linux, a long has 32 bits. */
#define VOID		void
#define CONST		const

#ifndef NULL
#define NULL		((void *)0)
#endif
#ifndef TRUE
#define TRUE		1
#endif
#ifndef FALSE
#define FALSE		0
#endif

typedef void *PVOID;
typedef void *LPVOID;
typedef const void *PCVOID;
typedef void *HANDLE, **PHANDLE;

typedef char CHAR, *PCHAR, *PSTR, *PSZ;
typedef const char *PCSTR, *PCSZ, *LPCSTR;
typedef char CCHAR, *PCCHAR;
typedef short SHORT, *PSHORT, CSHORT, *PCSHORT;
typedef int LONG, *PLONG;
typedef int INT, *PINT;
typedef unsigned char UCHAR, *PUCHAR;
typedef unsigned short USHORT, *PUSHORT;
typedef unsigned int ULONG, *PULONG;
typedef unsigned int UINT, *PUINT;
typedef unsigned char BYTE, *PBYTE;
typedef unsigned short WORD, *PWORD;
typedef unsigned int DWORD, *PDWORD, *LPDWORD;
typedef const unsigned char *PCUCHAR;
typedef unsigned char BOOLEAN;
typedef BOOLEAN *PBOOLEAN;
typedef int BOOL, *PBOOL;

typedef signed char INT8;
typedef short INT16;
typedef int INT32;
typedef long long INT64;
typedef unsigned char UINT8;
typedef unsigned short UINT16;
typedef unsigned int UINT32;
typedef unsigned long long UINT64;
typedef int LONG32;
typedef unsigned int ULONG32, DWORD32;
typedef long long LONG64, *PLONG64;
typedef unsigned long long ULONG64, *PULONG64, DWORD64;
typedef long long LONGLONG, *PLONGLONG;
typedef unsigned long long ULONGLONG, *PULONGLONG, DWORDLONG;

typedef __INTPTR_TYPE__ LONG_PTR, *PLONG_PTR, INT_PTR;
typedef __UINTPTR_TYPE__ ULONG_PTR, *PULONG_PTR, UINT_PTR, DWORD_PTR;
typedef ULONG_PTR SIZE_T, *PSIZE_T;
typedef LONG_PTR SSIZE_T;
typedef ULONG_PTR KAFFINITY, *PKAFFINITY;

typedef __SIZE_TYPE__ size_t;

/* The kernel is compiled with -fshort-wchar, so that L"..." is of 16 bit. */
typedef __WCHAR_TYPE__ wchar_t;
typedef wchar_t WCHAR, *PWCHAR, *PWSTR, *LPWSTR, *PWCH;
typedef const wchar_t *PCWSTR, *LPCWSTR, *PCWCH;

typedef LONG NTSTATUS, *PNTSTATUS;
typedef ULONG ACCESS_MASK;
typedef ULONG LOGICAL;
typedef PVOID PSECURITY_DESCRIPTOR;

typedef union _LARGE_INTEGER {
	struct {
		ULONG LowPart;
		LONG HighPart;
	};
	struct {
		ULONG LowPart;
		LONG HighPart;
	} u;
	LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

typedef union _ULARGE_INTEGER {
	struct {
		ULONG LowPart;
		ULONG HighPart;
	};
	struct {
		ULONG LowPart;
		ULONG HighPart;
	} u;
	ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

typedef LARGE_INTEGER PHYSICAL_ADDRESS, *PPHYSICAL_ADDRESS;

typedef struct _UNICODE_STRING {
	USHORT Length;		/* in bytes, without a terminating zero */
	USHORT MaximumLength;
	PWSTR Buffer;
} UNICODE_STRING, *PUNICODE_STRING;
typedef const UNICODE_STRING *PCUNICODE_STRING;

typedef struct _STRING {
	USHORT Length;
	USHORT MaximumLength;
	PCHAR Buffer;
} STRING, *PSTRING, ANSI_STRING, *PANSI_STRING;

typedef struct _LIST_ENTRY {
	struct _LIST_ENTRY *Flink;
	struct _LIST_ENTRY *Blink;
} LIST_ENTRY, *PLIST_ENTRY;

typedef struct _SINGLE_LIST_ENTRY {
	struct _SINGLE_LIST_ENTRY *Next;
} SINGLE_LIST_ENTRY, *PSINGLE_LIST_ENTRY;

#ifndef GUID_DEFINED
#define GUID_DEFINED
typedef struct _GUID {
	ULONG Data1;
	USHORT Data2;
	USHORT Data3;
	UCHAR Data4[8];
} GUID, *PGUID, *LPGUID;
typedef const GUID *LPCGUID;
#endif

#define UNICODE_NULL	((WCHAR)0)

/* --- macros ------------------------------------------------------------------ */

#define MAXUCHAR	0xff
#define MAXUSHORT	0xffff
#define MAXULONG	0xffffffffU
#define MAXLONG		0x7fffffff
#define MINLONG		(-MAXLONG - 1)
#define MAXLONGLONG	0x7fffffffffffffffLL

#define ARGUMENT_PRESENT(pointer)	((PVOID)(pointer) != NULL)

#ifndef FIELD_OFFSET
#define FIELD_OFFSET(type, field)	((LONG)__builtin_offsetof(type, field))
#endif
#define RTL_FIELD_SIZE(type, field)	(sizeof(((type *)0)->field))
#define RTL_SIZEOF_THROUGH_FIELD(type, field) \
	(FIELD_OFFSET(type, field) + RTL_FIELD_SIZE(type, field))
#ifndef RTL_NUMBER_OF
#define RTL_NUMBER_OF(array)	(sizeof(array) / sizeof((array)[0]))
#endif
#ifndef ARRAYSIZE
#define ARRAYSIZE(array)	RTL_NUMBER_OF(array)
#endif
#ifndef CONTAINING_RECORD
#define CONTAINING_RECORD(address, type, field) \
	((type *)((PCHAR)(address) - __builtin_offsetof(type, field)))
#endif
#ifndef C_ASSERT
#define C_ASSERT(expression)	_Static_assert(expression, #expression)
#endif

#ifndef min
#define min(a, b)	(((a) < (b)) ? (a) : (b))
#endif
#ifndef max
#define max(a, b)	(((a) > (b)) ? (a) : (b))
#endif

#define UNREFERENCED_PARAMETER(parameter)	((void)(parameter))
#define DBG_UNREFERENCED_PARAMETER(parameter)	((void)(parameter))
#define DBG_UNREFERENCED_LOCAL_VARIABLE(variable)	((void)(variable))

#define LOBYTE(word)	((UCHAR)(word))
#define HIBYTE(word)	((UCHAR)((USHORT)(word) >> 8))
#define MAKEWORD(low, high)	((USHORT)((UCHAR)(low) | ((USHORT)(UCHAR)(high) << 8)))

#define TEXT(literal)	L##literal

#define DECLARE_CONST_UNICODE_STRING(name, literal) \
	static const WCHAR name##_buffer[] = literal; \
	static const UNICODE_STRING name = { \
		sizeof(literal) - sizeof(WCHAR), sizeof(literal), \
		(PWSTR)name##_buffer \
	}
#define RTL_CONSTANT_STRING(literal) \
	{ sizeof(literal) - sizeof((literal)[0]), sizeof(literal), literal }

/* A source that includes <initguid.h>, or defines INITGUID, has the GUIDs themselves. */
#ifdef INITGUID
#include "initguid.h"
#else
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) \
	extern const GUID name
#endif

/* --- results ----------------------------------------------------------------- */

#define NT_SUCCESS(status)	((NTSTATUS)(status) >= 0)
#define NT_INFORMATION(status)	((ULONG)(status) >> 30 == 1)
#define NT_WARNING(status)	((ULONG)(status) >> 30 == 2)
#define NT_ERROR(status)	((ULONG)(status) >> 30 == 3)

#include "ntstatus.h"

#endif /* _NTDEF_ */
