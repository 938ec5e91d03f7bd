// SPDX-License-Identifier: GPL-2.0
/*
 * kmsg end    go to the end of the kernel's log
 * kmsg rest   print what is there from here to its end, a record a line, and stay there
 * kmsg complaints LOG EXPECTED
 *             of that, and of the file LOG before it, print what the kernel complains
 *             about, but for lines that match the extended regular expression which
 *             the first line of the file EXPECTED is, if there is one
 *
 * Standard input is /dev/kmsg, and remembers where it is from one call to the next.
 * Records that were overwritten before they were read are left out, and so are those
 * in which the selftests say what they are at.
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

static regex_t expected;
static bool is_expected;

static void fail(const char *what)
{
	fprintf(stderr, "kmsg: %s: %s\n", what, strerror(errno));
	exit(1);
}

static FILE *open_file(const char *name)
{
	FILE *file = fopen(name, "r");

	if (!file)
		fail(name);
	return file;
}

static bool is_complaint(void)
{
	if (is_expected && !regexec(&expected, line, 0, NULL, 0))
		return false;
	return strstr(line, "Call Trace:") || strstr(line, "BUG:") || strstr(line, "WARNING:");
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

/* All of it, or only complaints */
static void print_rest(bool all)
{
	ssize_t length;

	if (fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK))
		fail("standard input");
	for (;;) {
		length = read(STDIN_FILENO, record, sizeof(record) - 1);
		if (length > 0) {
			record[length] = '\0';
			if (make_line() && (all || is_complaint()))
				fputs(line, stdout);
		} else if (!length || errno == EAGAIN) {
			break;
		} else if (errno != EPIPE && errno != EINTR) {
			fail("standard input");
		}
	}
	if (fflush(stdout))
		fail("standard output");
}

static void print_complaints(const char *log_name, const char *expected_name)
{
	FILE *file = open_file(expected_name);

	if (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (regcomp(&expected, line, REG_EXTENDED | REG_NOSUB)) {
			errno = EINVAL;
			fail(expected_name);
		}
		is_expected = true;
	}
	fclose(file);

	file = open_file(log_name);
	while (fgets(line, sizeof(line), file))
		if (is_complaint())
			fputs(line, stdout);
	fclose(file);
	print_rest(false);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "end")) {
		if (lseek(STDIN_FILENO, 0, SEEK_END))
			fail("standard input");
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "rest")) {
		print_rest(true);
		return 0;
	}
	if (argc == 4 && !strcmp(argv[1], "complaints")) {
		print_complaints(argv[2], argv[3]);
		return 0;
	}
	fprintf(stderr, "usage: kmsg end|rest|complaints LOG EXPECTED </dev/kmsg\n");
	return 2;
}
