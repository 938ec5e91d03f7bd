// SPDX-License-Identifier: GPL-2.0
/*
 * A flood of requests of one client, each of which frees the port as soon as it
 * was granted; the last keeps it.
 */
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/seq_buf.h>
#include <linux/vmalloc.h>

#include "pta_test.h"

struct drop {
	struct pta_request request;
	unsigned int number;
};

static struct {
	struct drop *drops;
	struct pta_test_client *client;
	unsigned int length;
	atomic_t answered;
	unsigned int wrong;	/* answers out of order, or other than 0 */
	unsigned int gaps;	/* frees that left the port free */
	int misses;		/* tries of others, from the first answer to the last */
	/* How much stack was in use, in an answer */
	unsigned long least, most;
} flood;

static void done(struct pta_request *request, int status)
{
	struct drop *drop = container_of(request, struct drop, request);
	unsigned long used = (unsigned long)task_stack_page(current) +
			     THREAD_SIZE -
			     (unsigned long)__builtin_frame_address(0);

	flood.least = min(flood.least, used);
	flood.most = max(flood.most, used);
	if (status || drop->number != atomic_read(&flood.answered))
		flood.wrong++;

	if (!drop->number)
		flood.misses = -pta_test_misses(flood.client);
	if (drop->number == flood.length - 1)
		flood.misses += pta_test_misses(flood.client);

	/* Counted last: an answer that was counted has freed the port. */
	if (drop->number != flood.length - 1) {
		pta_test_free(flood.client);
		/* Others wait, so it is not free for whoever tries. */
		if (pta_test_try(flood.client)) {
			flood.gaps++;
			pta_test_free(flood.client);
		}
	}
	atomic_inc_return(&flood.answered);
}

/* Only when all is answered, or no client is left, whose end ends all requests. */
void pta_test_flood_end(void)
{
	vfree(flood.drops);
	flood.drops = NULL;
}

/* flood CLIENT N: somebody has to own the port */
int pta_test_flood(int argc, char **argv)
{
	struct pta_test_client *client = pta_test_client(argv[1]);
	unsigned int n;

	if (!client || kstrtouint(argv[2], 0, &n))
		return -EBADRQC;
	/* A flood may follow another that is over. */
	if (flood.drops && atomic_read_acquire(&flood.answered) != flood.length)
		return -EBADRQC;
	pta_test_flood_end();
	flood.drops = vcalloc(n, sizeof(*flood.drops));
	if (!flood.drops)
		return -ENOMEM;
	flood.client = client;
	flood.length = n;
	atomic_set(&flood.answered, 0);
	flood.wrong = 0;
	flood.gaps = 0;
	flood.least = THREAD_SIZE;
	flood.most = 0;

	for (unsigned int i = 0; i < n; i++) {
		struct drop *drop = &flood.drops[i];
		int err;

		drop->number = i;
		drop->request.done = done;
		err = pta_allocate_async(client->handle, &drop->request);
		if (err)
			return err;
	}
	return n;
}

/*
 * Result: how many were answered. Output, once all were: how many of these were not 0
 * or not in their turn, by how much the use of the stack differed between them, how
 * often the port was free in between, and how often others tried in vain meanwhile.
 */
int pta_test_flooded(int argc, char **argv)
{
	int answered = atomic_read_acquire(&flood.answered);

	/* Until then it is for the answers. */
	if (answered == flood.length)
		seq_buf_printf(&pta_test_output, "%u %lu %u %d", flood.wrong,
			       flood.most - flood.least, flood.gaps, flood.misses);
	return answered;
}
