// SPDX-License-Identifier: GPL-2.0
/*
 * An ISR that is still running when its client is disconnected, on another
 * processor.
 */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/workqueue.h>

#include "pta_test.h"

/* How long the ISR stays if the disconnect waits for it, which it should */
#define LINGER_US	500000
/* How long the interrupt may take; it is tried again if it took longer */
#define ARRIVAL_US	100000
#define ROUNDS		100

static bool wanted, lingering, disconnected;

void pta_test_linger(void)
{
	if (!READ_ONCE(wanted))
		return;
	WRITE_ONCE(wanted, false);
	WRITE_ONCE(lingering, true);
	for (int us = 0; us < LINGER_US && !READ_ONCE(disconnected); us += 5)
		udelay(5);
	WRITE_ONCE(lingering, false);
}

/* -EAGAIN: the interrupt came to this very processor, or was late. */
static long disconnect_meanwhile(void *data)
{
	struct pta_test_client *client = data;
	bool too_early;
	int err;

	WRITE_ONCE(wanted, true);
	pta_test_pulse(client);
	for (int us = 0; us < ARRIVAL_US && READ_ONCE(wanted); us += 5)
		udelay(5);
	WRITE_ONCE(wanted, false);
	if (!READ_ONCE(lingering))
		return -EAGAIN;

	err = pta_disconnect_interrupt(client->handle, &client->service);
	too_early = READ_ONCE(lingering);
	WRITE_ONCE(disconnected, true);
	if (!err)
		client->connections--;
	return err ?: too_early;
}

/* Result: 0, or 1 if the ISR was still running when the disconnect returned */
int pta_test_drain(int argc, char **argv)
{
	struct pta_test_client *client = pta_test_client(argv[1]);
	long result = -EAGAIN;
	int cpu;

	if (!client || !client->connections)
		return -EBADRQC;
	if (num_online_cpus() < 2)
		return -EOPNOTSUPP;
	WRITE_ONCE(disconnected, false);
	guard(cpus_read_lock)();
	for (int round = 0; round < ROUNDS; round++) {
		for_each_online_cpu(cpu) {
			result = work_on_cpu(cpu, disconnect_meanwhile, client);
			if (result != -EAGAIN)
				return result;
		}
	}
	return result;
}
