// SPDX-License-Identifier: GPL-2.0
/*
 * The hammer: a client that keeps taking the port from a hard timer, in true
 * hard interrupt context also on PREEMPT_RT. Whenever it owns the port it
 * writes to the data register: if anybody else believes to own the port as
 * well, that one's data are spoilt.
 */
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/parport.h>

#include "pta_test.h"

static struct {
	struct hrtimer timer;
	struct pta_test_client *client;	/* NULL: not hammering */
	ktime_t period;
	unsigned int ticks;
	bool held;
} hammer;

static void hammer_free(void)
{
	parport_write_data(pta_parport(hammer.client->handle), 0xaa);
	pta_test_free(hammer.client);
}

static enum hrtimer_restart hammer_tick(struct hrtimer *timer)
{
	if (hammer.held) {
		hammer.held = false;
		hammer_free();
	} else if (pta_test_try(hammer.client)) {
		/*
		 * Now and then keep it for a tick, long enough for a Linux
		 * driver to be refused and to have to wait for the free.
		 */
		hammer.held = hammer.ticks++ % 8 == 0;
		if (!hammer.held)
			hammer_free();
	}

	hrtimer_forward_now(timer, hammer.period);
	return HRTIMER_RESTART;
}

void pta_test_hammer_stop(void)
{
	if (!hammer.client)
		return;
	hrtimer_cancel(&hammer.timer);
	if (hammer.held)
		pta_test_free(hammer.client);
	hammer.client = NULL;
}

int pta_test_hammer(int argc, char **argv)
{
	struct pta_test_client *client = pta_test_client(argv[1]);
	unsigned int us;

	if (!client || kstrtouint(argv[2], 0, &us))
		return -EBADRQC;

	pta_test_hammer_stop();
	if (!us)
		return 0;

	hammer.client = client;
	hammer.period = us_to_ktime(us);
	hammer.ticks = 0;
	hammer.held = false;
	hrtimer_setup(&hammer.timer, hammer_tick, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_HARD);
	hrtimer_start(&hammer.timer, hammer.period, HRTIMER_MODE_REL_HARD);
	return 0;
}
