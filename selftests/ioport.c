// SPDX-License-Identifier: GPL-2.0
/*
 * ioport control BASE               print the port's control register
 * ioport look BASE                  print the data and the control register
 * ioport mark BASE DATA CONTROL     write these
 * ioport strobe BASE COUNT PAUSE    raise COUNT interrupts, PAUSE ms apart
 *
 * BASE is the address of the port's first register, or a file that begins with it,
 * such as /proc/sys/dev/parport/parport0/base-addr.
 *
 * Plays the device on a port that works like QEMU's: there a write to the
 * control register, with the port's interrupt on, raises an interrupt. With
 * the interrupt off a device raises none; "strobe" then waits for it to be
 * switched on, for a minute at most. COUNT 0 means until killed, and without
 * that limit.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DATA_OFFSET	0
#define CONTROL_OFFSET	2
#define CONTROL_INTEN	0x10
/* Interrupt on, nInit and nSelectIn as always, no strobe. */
#define CONTROL_PULSE	0x1c
#define LIMIT_S		60

static int ports;
static off_t address;

static void fail(const char *what)
{
	fprintf(stderr, "ioport: %s: %s\n", what, strerror(errno));
	exit(1);
}

static unsigned char read_register(off_t offset)
{
	unsigned char value;

	if (pread(ports, &value, 1, address + offset) != 1)
		fail("cannot read the register");
	return value;
}

static void write_register(off_t offset, unsigned char value)
{
	if (pwrite(ports, &value, 1, address + offset) != 1)
		fail("cannot write the register");
}

static void wait_for_inten(int for_ever)
{
	time_t limit = time(NULL) + LIMIT_S;

	while (!(read_register(CONTROL_OFFSET) & CONTROL_INTEN)) {
		if (!for_ever && time(NULL) > limit) {
			errno = ETIME;
			fail("the port's interrupt is off");
		}
		usleep(1000);
	}
}

static unsigned long number(const char *text)
{
	char *rest;
	unsigned long value;

	errno = 0;
	value = strtoul(text, &rest, 0);
	if (!errno && (!*text || *rest))
		errno = EINVAL;
	if (errno)
		fail(text);
	return value;
}

static unsigned long base(const char *text)
{
	char line[64];
	FILE *file;

	if (*text != '/')
		return number(text);
	file = fopen(text, "r");
	if (!file || !fgets(line, sizeof(line), file))
		fail(text);
	fclose(file);
	line[strcspn(line, " \t\n")] = '\0';
	return number(line);
}

static void strobe(unsigned long count, unsigned long pause)
{
	for (unsigned long i = 0; !count || i < count; i++) {
		wait_for_inten(!count);
		write_register(CONTROL_OFFSET, CONTROL_PULSE);
		usleep(1000 * pause);
	}
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";

	if (argc > 2) {
		address = base(argv[2]);
		ports = open("/dev/port", O_RDWR);
		if (ports < 0)
			fail("/dev/port");
	}

	if (argc == 3 && !strcmp(what, "control")) {
		printf("%d\n", read_register(CONTROL_OFFSET));
	} else if (argc == 3 && !strcmp(what, "look")) {
		printf("%d %d\n", read_register(DATA_OFFSET), read_register(CONTROL_OFFSET));
	} else if (argc == 5 && !strcmp(what, "mark")) {
		write_register(DATA_OFFSET, number(argv[3]));
		write_register(CONTROL_OFFSET, number(argv[4]));
	} else if (argc == 5 && !strcmp(what, "strobe")) {
		strobe(number(argv[3]), number(argv[4]));
	} else {
		fprintf(stderr, "usage: ioport control BASE\n"
			"       ioport look BASE\n"
			"       ioport mark BASE DATA CONTROL\n"
			"       ioport strobe BASE COUNT PAUSE\n");
		return 1;
	}
	return 0;
}
