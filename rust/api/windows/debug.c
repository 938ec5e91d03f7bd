// SPDX-License-Identifier: GPL-2.0
/*
 * DbgPrint(): the formats of Windows, into the kernel's log.
 */

#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/seq_buf.h>
#include <linux/stdarg.h>
#include <linux/string.h>

#include "runtime.h"

/* One conversion of a format: %[flags][width][.precision][size]type */
struct conversion {
	char flags[9];
	int width;
	int precision;
	enum { SIZE_32, SIZE_64, SIZE_CHAR, SIZE_SHORT, SIZE_WIDE } size;
	char type;
};

/* What is more than is ever printed does as well as what was asked for. */
#define LARGEST	1000

/* A number in the format, or one of the arguments for a '*' */
static const char *parse_number(const char *format, int *number, va_list *arguments)
{
	*number = 0;
	if (*format == '*') {
		*number = clamp(va_arg(*arguments, int), -LARGEST, LARGEST);
		return format + 1;
	}
	for (; isdigit(*format); format++)
		*number = min(*number * 10 + (*format - '0'), LARGEST);
	return format;
}

static const char *parse_size(const char *format, struct conversion *this)
{
	static const struct {
		const char *prefix;
		int size;
	} sizes[] = {
		{ "I64", SIZE_64 }, { "I32", SIZE_32 }, { "ll", SIZE_64 },
		{ "I", sizeof(ULONG_PTR) == 8 ? SIZE_64 : SIZE_32 },
		{ "z", sizeof(ULONG_PTR) == 8 ? SIZE_64 : SIZE_32 },
		{ "l", SIZE_32 }, { "hh", SIZE_CHAR }, { "h", SIZE_SHORT },
		{ "w", SIZE_WIDE },
	};

	this->size = SIZE_32;
	for (int i = 0; i < ARRAY_SIZE(sizes); i++) {
		size_t length = str_has_prefix(format, sizes[i].prefix);

		if (!length)
			continue;
		this->size = sizes[i].size;
		/* With text, which has no 32 bits, it means wide. */
		if (*format == 'l' && strchr("scZ", format[length]))
			this->size = SIZE_WIDE;
		return format + length;
	}
	return format;
}

static const char *parse(const char *format, struct conversion *this, va_list *arguments)
{
	/* There is room for one more. */
	size_t flags = min(strspn(format, "-+ #0"), sizeof(this->flags) - 2);

	memcpy(this->flags, format, flags);
	this->flags[flags] = '\0';
	format = parse_number(format + flags, &this->width, arguments);
	if (this->width < 0) {
		this->width = -this->width;
		strcat(this->flags, "-");
	}
	this->precision = -1;
	if (*format == '.')
		format = parse_number(format + 1, &this->precision, arguments);
	format = parse_size(format, this);
	this->type = *format;
	return *format ? format + 1 : format;
}

static void print_integer(struct seq_buf *out, const struct conversion *this,
			  va_list *arguments)
{
	char format[24];
	long long value;

	if (this->size == SIZE_64)
		value = va_arg(*arguments, long long);
	else if (strchr("di", this->type))
		value = va_arg(*arguments, int);
	else
		value = va_arg(*arguments, unsigned int);
	if (this->size == SIZE_CHAR)
		value = strchr("di", this->type) ? (signed char)value : (unsigned char)value;
	if (this->size == SIZE_SHORT)
		value = strchr("di", this->type) ? (short)value : (unsigned short)value;

	snprintf(format, sizeof(format), "%%%s*.*ll%c", this->flags, this->type);
	seq_buf_printf(out, format, this->width, this->precision, value);
}

/* What is not ASCII is not worth a table here. */
static void print_text(struct seq_buf *out, const struct conversion *this,
		       const char *narrow, const WCHAR *wide, size_t limit)
{
	bool left = strchr(this->flags, '-');
	size_t length = 0;

	if (!narrow && !wide) {
		narrow = "(null)";
		limit = SIZE_MAX;
	}
	if (this->precision >= 0)
		limit = min_t(size_t, limit, this->precision);
	while (length < limit && (narrow ? narrow[length] : wide[length]))
		length++;

	if (!left && this->width > length)
		seq_buf_printf(out, "%*s", (int)(this->width - length), "");
	for (size_t i = 0; i < length; i++) {
		WCHAR c = narrow ? (unsigned char)narrow[i] : wide[i];

		seq_buf_putc(out, c < 0x80 ? c : '?');
	}
	if (left && this->width > length)
		seq_buf_printf(out, "%*s", (int)(this->width - length), "");
}

static void print_string(struct seq_buf *out, const struct conversion *this,
			 va_list *arguments)
{
	const UNICODE_STRING *counted;
	bool wide = this->size == SIZE_WIDE;

	switch (this->type) {
	case 'S':
		wide = this->size != SIZE_SHORT;
		fallthrough;
	case 's':
		if (wide)
			print_text(out, this, NULL, va_arg(*arguments, WCHAR *), SIZE_MAX);
		else
			print_text(out, this, va_arg(*arguments, char *), NULL, SIZE_MAX);
		break;
	case 'Z':
		/* A STRING has the same layout. */
		counted = va_arg(*arguments, UNICODE_STRING *);
		if (!counted)
			print_text(out, this, NULL, NULL, 0);
		else if (wide)
			print_text(out, this, NULL, counted->Buffer,
				   counted->Length / sizeof(WCHAR));
		else
			print_text(out, this, (const char *)counted->Buffer, NULL,
				   counted->Length);
		break;
	}
}

static void print(struct seq_buf *out, const struct conversion *this, va_list *arguments)
{
	switch (this->type) {
	case 'd':
	case 'i':
	case 'o':
	case 'u':
	case 'x':
	case 'X':
		print_integer(out, this, arguments);
		break;
	case 'c':
	case 'C':
		seq_buf_putc(out, va_arg(*arguments, int));
		break;
	case 's':
	case 'S':
	case 'Z':
		print_string(out, this, arguments);
		break;
	case 'p':
		seq_buf_printf(out, "%p", va_arg(*arguments, void *));
		break;
	default:
		seq_buf_putc(out, this->type);
		break;
	}
}

static void print_all(struct seq_buf *out, const char *format, va_list *arguments)
{
	while (*format) {
		struct conversion this;

		if (*format != '%') {
			seq_buf_putc(out, *format++);
			continue;
		}
		format = parse(format + 1, &this, arguments);
		if (!this.type)
			break;
		print(out, &this, arguments);
	}
}

ULONG pta_win_debug_print(const char *format, ...)
{
	/* As much as DbgPrint() takes at once on Windows */
	char text[512];
	struct seq_buf out;
	va_list arguments;

	seq_buf_init(&out, text, sizeof(text));
	va_start(arguments, format);
	print_all(&out, format, &arguments);
	va_end(arguments);
	pr_info("%s", seq_buf_str(&out));
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_NS_GPL(pta_win_debug_print, "PARPORT_TRY_ALLOC");
