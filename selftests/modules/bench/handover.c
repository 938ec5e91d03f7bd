// SPDX-License-Identifier: GPL-2.0
/*
 * How long is the way from a free to whoever waits for the port? It is counted
 * from the call of the free to the first look at the counter of the one who got
 * the port.
 */
#include <linux/completion.h>
#include <linux/container_of.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/slab.h>

#include "bench.h"

/* How long it may take to begin to wait; nobody is in the way of it. */
#define SETTLE_US	2000

/* How a port is owned by one, waited for and had by another, and left by it. */
struct way {
	const char *name;
	int (*own)(void);
	int (*wait)(void);
	void (*give)(void);
	void (*leave)(void);
	bool sleeps;	/* wait() returns when the port is there */
};

static struct pta_client *owner, *waiter;
static struct completion wait_now, there;
static u64 arrived;
static int status;

static void arrive(int err)
{
	arrived = get_cycles();
	bench_mark(BENCH_MARK_END);
	status = err;
	complete(&there);
}

static int claim(void)
{
	return parport_claim(bench_rivals[BENCH_OWNER]);
}

static int claim_or_block(void)
{
	int err = parport_claim_or_block(bench_rivals[BENCH_OTHER]);

	return err < 0 ? err : 0;
}

static void release(void)
{
	parport_release(bench_rivals[BENCH_OWNER]);
}

static void release_other(void)
{
	parport_release(bench_rivals[BENCH_OTHER]);
}

static int allocate(void)
{
	return pta_allocate(owner, 10 * HZ);
}

static int allocate_other(void)
{
	return pta_allocate(waiter, 10 * HZ);
}

static void done(struct pta_request *request, int err)
{
	arrive(err);
}

static struct pta_request request = { .done = done };

static int queue(void)
{
	return pta_allocate_async(waiter, &request);
}

static void give(void)
{
	pta_free(owner);
}

static void leave(void)
{
	pta_free(waiter);
}

static const struct way parports = {
	.name = "release_to_sleeper",
	.own = claim,
	.wait = claim_or_block,
	.give = release,
	.leave = release_other,
	.sleeps = true,
};

static const struct way ours[] = {
	{
		.name = "free_to_sleeper",
		.own = allocate,
		.wait = allocate_other,
		.give = give,
		.leave = leave,
		.sleeps = true,
	}, {
		.name = "free_to_done",
		.own = allocate,
		.wait = queue,
		.give = give,
		.leave = leave,
	},
};

static int sleeper(void *data)
{
	const struct way *way = data;

	for (;;) {
		wait_for_completion(&wait_now);
		if (kthread_should_stop())
			return 0;
		arrive(way->wait());
	}
}

/* One hand-over; sets TOOK. */
static int hand_over(const struct way *way, u8 mark, u64 *took)
{
	int err = way->own();
	u64 begin;

	if (err)
		return err;
	if (way->sleeps) {
		complete(&wait_now);
		usleep_range(SETTLE_US, 2 * SETTLE_US);
	} else {
		err = way->wait();
		if (err)
			return err;
	}
	/* It would be a race, and not a hand-over, if nobody waited. */
	if (completion_done(&there))
		return -EIO;

	bench_mark(mark);
	begin = get_cycles();
	way->give();
	wait_for_completion(&there);
	*took = arrived - begin;
	if (status)
		return status;
	way->leave();
	return 0;
}

static int measure(struct seq_file *m, const struct way *way)
{
	u64 *took = kcalloc(BENCH_ROUNDS, sizeof(*took), GFP_KERNEL);
	struct task_struct *thread = NULL;
	u8 mark = bench_next_mark();
	int err = 0;

	if (!took)
		return -ENOMEM;
	init_completion(&wait_now);
	init_completion(&there);
	if (way->sleeps) {
		thread = kthread_run(sleeper, (void *)way, "pta_bench");
		if (IS_ERR(thread)) {
			kfree(took);
			return PTR_ERR(thread);
		}
	}
	for (unsigned int i = 0; !err && i < BENCH_ROUNDS; i++)
		err = hand_over(way, mark, &took[i]);
	if (thread) {
		complete(&wait_now);
		kthread_stop(thread);
	}
	if (!err)
		bench_result(m, way->name, mark, BENCH_ROUNDS,
			     100 * (bench_median(took, BENCH_ROUNDS) -
				    bench_stamp_cost()));
	kfree(took);
	return err;
}

static int measure_ours(struct seq_file *m)
{
	int err;

	waiter = pta_open(bench_port->number, "pta_bench waiter");
	if (IS_ERR(waiter))
		return PTR_ERR(waiter);
	err = measure(m, &ours[0]) ?: measure(m, &ours[1]);
	pta_close(waiter);
	return err;
}

int bench_handover(struct seq_file *m)
{
	int err = measure(m, &parports);

	if (err)
		return err;
	owner = pta_open(bench_port->number, "pta_bench owner");
	if (IS_ERR(owner))
		return PTR_ERR(owner);
	err = measure_ours(m);
	pta_close(owner);
	return err;
}
