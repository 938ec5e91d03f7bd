// SPDX-License-Identifier: GPL-2.0
/*
 * ppdev DEVICE [again] OPERATION... - a user of /dev/parportN, or of /dev/lpN
 *
 *   excl       ask for exclusive access
 *   claim      wait for the port
 *   wait       wait for the port, or for SIGUSR1; says "interrupted" if that came
 *              first
 *   pulse      raise an interrupt, on a port that works like QEMU's
 *   interrupt  wait for an interrupt, for 30 seconds at most
 *   hold       until SIGTERM
 *   release
 *   patient    have lp wait for the printer for an hour, at each byte
 *   print      ten bytes, or as many as lp takes until it is interrupted
 *
 * With "again" it closes the device after that, and comes again, until killed.
 *
 * Says the name of each operation when it is done. Exits with the errno of the
 * operation that failed, ETIME if no interrupt came, 0 if none failed, 255 for
 * bad usage.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <unistd.h>

#include <linux/lp.h>
#include <linux/parport.h>
#include <linux/ppdev.h>

static int port;
static sigset_t end;

static int do_excl(void)
{
	return ioctl(port, PPEXCL);
}

static int do_claim(void)
{
	return ioctl(port, PPCLAIM);
}

static int do_wait(void)
{
	if (!ioctl(port, PPCLAIM))
		return 0;
	if (errno != EINTR)
		return -1;
	puts("interrupted");
	return 0;
}

static int do_release(void)
{
	return ioctl(port, PPRELEASE);
}

static int do_patient(void)
{
	struct timeval timeout = { .tv_sec = 3600 };

	return ioctl(port, LPSETTIMEOUT, &timeout);
}

static int do_print(void)
{
	return write(port, "0123456789", 10) < 0 ? -1 : 0;
}

static int do_hold(void)
{
	int signal;

	return sigwait(&end, &signal);
}

/* Writing the control register while its interrupt is on raises one there. */
static int do_pulse(void)
{
	unsigned char control = PARPORT_CONTROL_SELECT | PARPORT_CONTROL_INIT;

	return ioctl(port, PPWCONTROL, &control);
}

static int do_interrupt(void)
{
	unsigned char status;
	int count = 0;

	for (int i = 0; i < 3000; i++) {
		if (ioctl(port, PPCLRIRQ, &count))
			return -1;
		if (count)
			/* The read acknowledges it. */
			return ioctl(port, PPRSTATUS, &status);
		usleep(10000);
	}
	errno = ETIME;
	return -1;
}

static const struct operation {
	const char *name;
	int (*fn)(void);
} operations[] = {
	{ "excl", do_excl },
	{ "claim", do_claim },
	{ "wait", do_wait },
	{ "pulse", do_pulse },
	{ "interrupt", do_interrupt },
	{ "hold", do_hold },
	{ "release", do_release },
	{ "patient", do_patient },
	{ "print", do_print },
	{ }
};

static int run(const char *name)
{
	for (const struct operation *op = operations; op->name; op++) {
		if (strcmp(name, op->name))
			continue;
		if (op->fn()) {
			int err = errno;

			fprintf(stderr, "%s: %s\n", name, strerror(err));
			return err;
		}
		puts(name);
		return 0;
	}
	fprintf(stderr, "%s: no such operation\n", name);
	return 255;
}

static void ignore(int signal)
{
	(void)signal;
}

static int visit(const char *device, char **names)
{
	int err = 0;

	port = open(device, O_RDWR);
	if (port < 0) {
		err = errno;
		fprintf(stderr, "%s: %s\n", device, strerror(err));
		return err;
	}
	while (*names && !err)
		err = run(*names++);
	close(port);
	return err;
}

int main(int argc, char **argv)
{
	const struct sigaction interrupt = { .sa_handler = ignore };
	int again = argc > 2 && !strcmp(argv[2], "again");
	int err;

	if (argc < 3 + again) {
		fprintf(stderr, "usage: ppdev DEVICE [again] OPERATION...\n");
		return 255;
	}

	/*
	 * Blocked, the signal cannot interrupt a claim: the kernel would leave
	 * an interrupted claim in the port's queue.
	 */
	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	sigprocmask(SIG_BLOCK, &end, NULL);
	sigaction(SIGUSR1, &interrupt, NULL);
	setvbuf(stdout, NULL, _IOLBF, 0);

	do {
		err = visit(argv[1], argv + 2 + again);
		usleep(100);
	} while (again && !err);
	return err;
}
