// SPDX-License-Identifier: GPL-2.0
/*
 * When did the interrupt come? Compared with the clock around it.
 */
#include <linux/kernel.h>
#include <linux/ktime.h>

#include "pta_test.h"

/* What the last interrupt's ISR saw: the time it was told, and the clock. */
static ktime_t told, seen;

void pta_test_time_in_isr(struct pta_test_client *client)
{
	told = pta_interrupt_time(client->handle);
	seen = ktime_get();
}

/*
 * times CLIENT N: raises N interrupts, as strobe does. Result: for how many of
 * them the time was not between the pulse and the ISR, was not later than that
 * of the one before, or was another one outside the ISR.
 */
int pta_test_times(int argc, char **argv)
{
	struct pta_test_client *client = pta_test_client(argv[1]);
	int wrong = 0;
	ktime_t last;
	unsigned int n;

	if (!client || !client->base || kstrtouint(argv[2], 0, &n))
		return -EBADRQC;

	last = pta_interrupt_time(client->handle);
	for (unsigned int i = 0; i < n; i++) {
		ktime_t before = ktime_get();
		int err = pta_test_strobe_once(client);

		if (err)
			return err;
		if (told < before || told > seen || told <= last ||
		    told != pta_interrupt_time(client->handle))
			wrong++;
		last = told;
	}
	return wrong;
}
