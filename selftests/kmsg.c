// SPDX-License-Identifier: GPL-2.0
/*
 * kmsg end    go to the end of the kernel's log
 * kmsg add LOG
 *             add what is there from here to its end to the file LOG, a record a line, and
 *             stay there; print the size of LOG
 * kmsg find LOG FROM EXPRESSION
 *             the same, but print what LOG has from byte FROM on, the first one being 0: the
 *             lines that match the extended regular expression. Fails if none does
 * kmsg count LOG FROM EXPRESSION
 *             the same, but print how many they are, and do not fail for that
 * kmsg complaints LOG EXPECTED
 *             of that, and of the file LOG before it, print what the kernel complains
 *             about, but for lines that match the extended regular expression which
 *             the first line of the file EXPECTED is, if there is one
 *
 * The exit status is 1 if nothing was found, and 2 if something went wrong.
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
	exit(2);
}

static FILE *open_file(const char *name, const char *mode)
{
	FILE *file = fopen(name, mode);

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
static void print_rest(FILE *to, bool all)
{
	ssize_t length;

	if (fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK))
		fail("standard input");
	for (;;) {
		length = read(STDIN_FILENO, record, sizeof(record) - 1);
		if (length > 0) {
			record[length] = '\0';
			if (make_line() && (all || is_complaint()))
				fputs(line, to);
		} else if (!length || errno == EAGAIN) {
			break;
		} else if (errno != EPIPE && errno != EINTR) {
			fail("standard input");
		}
	}
	if (fflush(to))
		fail("what was read");
}

static void compile(regex_t *expression, const char *text, const char *from)
{
	if (!regcomp(expression, text, REG_EXTENDED | REG_NOSUB))
		return;
	errno = EINVAL;
	fail(from);
}

static FILE *add_to(const char *log_name)
{
	FILE *log = open_file(log_name, "a+");

	print_rest(log, true);
	return log;
}

static void add(const char *log_name)
{
	FILE *log = add_to(log_name);

	if (fseek(log, 0, SEEK_END))
		fail(log_name);
	printf("%ld\n", ftell(log));
	fclose(log);
}

static unsigned int find(const char *log_name, const char *from, const char *expression, FILE *to)
{
	FILE *log = add_to(log_name);
	unsigned int found = 0;
	regex_t wanted;

	compile(&wanted, expression, expression);
	if (fseek(log, strtol(from, NULL, 10), SEEK_SET))
		fail(from);
	while (fgets(line, sizeof(line), log)) {
		line[strcspn(line, "\n")] = '\0';
		if (regexec(&wanted, line, 0, NULL, 0))
			continue;
		found++;
		if (to)
			fprintf(to, "%s\n", line);
	}
	fclose(log);
	return found;
}

static void print_complaints(const char *log_name, const char *expected_name)
{
	FILE *file = open_file(expected_name, "r");

	if (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		compile(&expected, line, expected_name);
		is_expected = true;
	}
	fclose(file);

	file = open_file(log_name, "r");
	while (fgets(line, sizeof(line), file))
		if (is_complaint())
			fputs(line, stdout);
	fclose(file);
	print_rest(stdout, false);
}

int main(int argc, char **argv)
{
	unsigned int found;

	if (argc == 2 && !strcmp(argv[1], "end")) {
		if (lseek(STDIN_FILENO, 0, SEEK_END))
			fail("standard input");
		return 0;
	}
	if (argc == 3 && !strcmp(argv[1], "add")) {
		add(argv[2]);
		return 0;
	}
	if (argc == 5 && !strcmp(argv[1], "find"))
		return !find(argv[2], argv[3], argv[4], stdout);
	if (argc == 5 && !strcmp(argv[1], "count")) {
		found = find(argv[2], argv[3], argv[4], NULL);
		printf("%u\n", found);
		return 0;
	}
	if (argc == 4 && !strcmp(argv[1], "complaints")) {
		print_complaints(argv[2], argv[3]);
		return 0;
	}
	fprintf(stderr, "usage: kmsg end|add LOG|complaints LOG EXPECTED </dev/kmsg\n"
			"       kmsg find|count LOG FROM EXPRESSION </dev/kmsg\n");
	return 2;
}
