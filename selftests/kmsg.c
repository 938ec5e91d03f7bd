// SPDX-License-Identifier: GPL-2.0
/*
 * kmsg end    go to the end of the kernel's log
 * kmsg rest   print what is there from here to its end, a record a line, and stay there
 *
 * Standard input is /dev/kmsg, and remembers where it is from one call to the next.
 * Records that were overwritten before they were read are left out.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* No record is longer. */
static char record[8192];

static void fail(const char *what)
{
	fprintf(stderr, "kmsg: %s: %s\n", what, strerror(errno));
	exit(1);
}

/*
 * "priority,number,microseconds,...;text", with \xNN for some bytes of the text, and
 * lines that begin with a space
 */
static void print_record(void)
{
	char *text = strchr(record, ';');
	unsigned long long microseconds;
	unsigned int byte;

	if (!text || sscanf(record, "%*u,%*u,%llu", &microseconds) != 1) {
		errno = EPROTO;
		fail("a record");
	}
	printf("[%5llu.%06llu] ", microseconds / 1000000, microseconds % 1000000);
	for (text++; *text && *text != '\n'; text++) {
		if (sscanf(text, "\\x%2x", &byte) == 1) {
			putchar(byte);
			text += 3;
		} else {
			putchar(*text);
		}
	}
	putchar('\n');
}

static void print_rest(void)
{
	ssize_t length;

	if (fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK))
		fail("standard input");
	for (;;) {
		length = read(STDIN_FILENO, record, sizeof(record) - 1);
		if (length > 0) {
			record[length] = '\0';
			print_record();
		} else if (!length || errno == EAGAIN) {
			break;
		} else if (errno != EPIPE && errno != EINTR) {
			fail("standard input");
		}
	}
	if (fflush(stdout))
		fail("standard output");
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "end")) {
		if (lseek(STDIN_FILENO, 0, SEEK_END))
			fail("standard input");
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "rest")) {
		print_rest();
		return 0;
	}
	fprintf(stderr, "usage: kmsg end|rest </dev/kmsg\n");
	return 2;
}
