// SPDX-License-Identifier: GPL-2.0
/*
 * A routine that is still running when its client is disconnected or closed, on
 * another processor.
 */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "pta_test.h"

/* How long the routine stays if whoever ends it waits for it, which he should */
#define LINGER_US	300000
/* How long the call may take to come; it is tried again if it took longer */
#define ARRIVAL_US	100000
#define ROUNDS		100

static bool wanted, lingering, ended;
/* The processor that is to end it, which cannot while the routine is on it. */
static int ending_cpu;

/* What is ended, and how; if it is a check that is to linger, whose free calls it. */
static struct {
	struct pta_test_client *client;
	struct pta_test_client *owner;
	bool close;
} drain;

void pta_test_linger(void)
{
	if (!READ_ONCE(wanted))
		return;
	WRITE_ONCE(wanted, false);
	if (raw_smp_processor_id() == READ_ONCE(ending_cpu))
		return;
	WRITE_ONCE(lingering, true);
	for (int us = 0; us < LINGER_US && !READ_ONCE(ended); us += 5)
		udelay(5);
	WRITE_ONCE(lingering, false);
}

/* The worker runs where the port was freed. */
static void free_on_that_cpu(void *unused)
{
	pta_test_free(drain.owner);
}

static void call_routine(void)
{
	int cpu = cpumask_any_but(cpu_online_mask, raw_smp_processor_id());

	if (drain.owner)
		smp_call_function_single(cpu, free_on_that_cpu, NULL, true);
	else
		pta_test_pulse(drain.client);
}

static int end_routine(void)
{
	if (drain.close) {
		pta_test_close_client(drain.client);
		return 0;
	}
	return pta_test_disconnect_one(drain.client);
}

/* -EAGAIN: the call came to this very processor, or was late. */
static long end_meanwhile(void *unused)
{
	bool too_early;
	int err;

	if (drain.owner && !pta_test_try(drain.owner)) {
		usleep_range(1000, 2000);
		return -EAGAIN;
	}
	WRITE_ONCE(ending_cpu, raw_smp_processor_id());
	WRITE_ONCE(wanted, true);
	call_routine();
	for (int us = 0; us < ARRIVAL_US && READ_ONCE(wanted); us += 5)
		udelay(5);
	WRITE_ONCE(wanted, false);
	if (!READ_ONCE(lingering))
		return -EAGAIN;

	err = end_routine();
	too_early = READ_ONCE(lingering);
	WRITE_ONCE(ended, true);
	return err ?: too_early;
}

/*
 * drain CLIENT disconnect|close [OWNER]: ends what CLIENT has connected, while its ISR
 * lingers, or its deferred port check after a free of OWNER's. Result: 0, or 1 if it
 * was still running after that.
 */
int pta_test_drain(int argc, char **argv)
{
	struct pta_test_client *client = pta_test_client(argv[1]);
	long result = -EAGAIN;
	int cpu;

	if (!client || !client->connections)
		return -EBADRQC;
	drain.client = client;
	drain.close = !strcmp(argv[2], "close");
	drain.owner = argc > 3 ? pta_test_client(argv[3]) : NULL;
	if ((!drain.close && strcmp(argv[2], "disconnect")) || (argc > 3 && !drain.owner))
		return -EBADRQC;
	if (num_online_cpus() < 2)
		return -EOPNOTSUPP;
	WRITE_ONCE(ended, false);
	guard(cpus_read_lock)();
	for (int round = 0; round < ROUNDS; round++) {
		for_each_online_cpu(cpu) {
			result = work_on_cpu(cpu, end_meanwhile, NULL);
			if (result != -EAGAIN)
				return result;
		}
	}
	return result;
}
