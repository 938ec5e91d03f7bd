// SPDX-License-Identifier: GPL-2.0
/*
 * kmsg LINES
 *
 * Looks through the kernel's log for a script, from where its end was in the beginning.
 * Each line of standard input is a command, which is answered by one line:
 *
 * begin	forget what was read so far, the mark, and what is expected
 * mark		nothing before here is found
 * find EXPRESSION
 *		write the lines that match the extended regular expression into the file
 *		LINES; the answer is how many they are
 * expect EXPRESSION
 *		lines like these are no complaints
 * complaints	write into the file LINES what the kernel complains about, since
 *		"begin"; the answer is how many lines that are
 *
 * The answer of the others is 0, and what is not understood is answered in words. It is a
 * process of its own for as long as the script, because to start one takes an emulated
 * machine longer than what is done here. Records that were overwritten before they were
 * read are left out, and so are those in which the selftests say what they are at.
 */
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char ours[] = "selftests: ";

/* No record is longer. */
static char record[8192];
static char line[sizeof(record) + 32];

static int kmsg;

/* What was read of the log since "begin", and where in it the mark is */
static char *log_text;
static size_t log_length, log_size, mark;

static regex_t expected;
static bool is_expected;

static void fail(const char *what)
{
	fprintf(stderr, "kmsg: %s: %s\n", what, strerror(errno));
	exit(1);
}

/*
 * "priority,number,microseconds,...;text", with \xNN for some bytes of the text, and
 * lines that begin with a space. Of our own records nothing is made.
 */
static bool make_line(void)
{
	char *text = strchr(record, ';'), *end = line;
	unsigned long long microseconds;
	unsigned int byte;

	if (!text || sscanf(record, "%*u,%*u,%llu", &microseconds) != 1) {
		errno = EPROTO;
		fail("a record");
	}
	text++;
	if (!strncmp(text, ours, strlen(ours)))
		return false;
	end += sprintf(line, "[%5llu.%06llu] ", microseconds / 1000000, microseconds % 1000000);
	for (; *text && *text != '\n'; text++) {
		if (sscanf(text, "\\x%2x", &byte) == 1) {
			if (byte)
				*end++ = byte;
			text += 3;
		} else {
			*end++ = *text;
		}
	}
	*end++ = '\n';
	*end = '\0';
	return true;
}

static void keep_line(void)
{
	size_t length = strlen(line);

	if (log_length + length > log_size) {
		log_size = 2 * (log_size + sizeof(line));
		log_text = realloc(log_text, log_size);
		if (!log_text)
			fail("the log");
	}
	memcpy(log_text + log_length, line, length);
	log_length += length;
}

/* Up to the end of the log */
static void read_on(void)
{
	ssize_t length;

	for (;;) {
		length = read(kmsg, record, sizeof(record) - 1);
		if (length > 0) {
			record[length] = '\0';
			if (make_line())
				keep_line();
		} else if (!length || errno == EAGAIN) {
			break;
		} else if (errno != EPIPE && errno != EINTR) {
			fail("/dev/kmsg");
		}
	}
}

static bool compile(regex_t *expression, const char *text)
{
	char error[128];
	int result = regcomp(expression, text, REG_EXTENDED | REG_NOSUB);

	if (!result)
		return true;
	regerror(result, expression, error, sizeof(error));
	printf("'%s': %s\n", text, error);
	return false;
}

static bool matches(const regex_t *expression)
{
	return !regexec(expression, line, 0, NULL, 0);
}

static bool is_complaint(void)
{
	if (is_expected && matches(&expected))
		return false;
	return strstr(line, "Call Trace:") || strstr(line, "BUG:") || strstr(line, "WARNING:");
}

/*
 * Writes the lines from a place on that match the expression, or without one the
 * complaints, and answers how many they are.
 */
static void write_lines(const char *name, size_t from, const regex_t *expression)
{
	FILE *lines = fopen(name, "w");
	unsigned int count = 0;
	size_t length;

	if (!lines)
		fail(name);
	read_on();
	for (; from < log_length; from += length + 1) {
		length = strcspn(log_text + from, "\n");
		memcpy(line, log_text + from, length);
		line[length] = '\0';
		if (expression ? !matches(expression) : !is_complaint())
			continue;
		fprintf(lines, "%s\n", line);
		count++;
	}
	if (fclose(lines))
		fail(name);
	printf("%u\n", count);
}

static void begin(void)
{
	log_length = 0;
	mark = 0;
	if (is_expected)
		regfree(&expected);
	is_expected = false;
	puts("0");
}

static void find(const char *name, const char *text)
{
	regex_t expression;

	if (!compile(&expression, text))
		return;
	write_lines(name, mark, &expression);
	regfree(&expression);
}

static void expect(const char *text)
{
	if (is_expected)
		regfree(&expected);
	is_expected = compile(&expected, text);
	if (is_expected)
		puts("0");
}

int main(int argc, char **argv)
{
	static char command[sizeof(line)];

	if (argc != 2) {
		fprintf(stderr, "usage: kmsg LINES\n");
		return 1;
	}
	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	if (kmsg < 0 || lseek(kmsg, 0, SEEK_END))
		fail("/dev/kmsg");
	while (fgets(command, sizeof(command), stdin)) {
		command[strcspn(command, "\n")] = '\0';
		if (!strcmp(command, "begin")) {
			begin();
		} else if (!strcmp(command, "mark")) {
			read_on();
			mark = log_length;
			puts("0");
		} else if (!strncmp(command, "find ", 5)) {
			find(argv[1], command + 5);
		} else if (!strncmp(command, "expect ", 7)) {
			expect(command + 7);
		} else if (!strcmp(command, "complaints")) {
			write_lines(argv[1], 0, NULL);
		} else {
			printf("'%s' makes no sense\n", command);
		}
		if (fflush(stdout))
			fail("the answer");
	}
	return 0;
}
