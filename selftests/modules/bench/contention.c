// SPDX-License-Identifier: GPL-2.0
/*
 * Several processors that take and free one port, against as many that do the same
 * with a bare word. Times of a machine that is emulated, and shared with others, say
 * nothing, so the two take turns, in slices that are short enough for both to see
 * the same weather, and what is printed is their ratio.
 */
#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/sched.h>

#include "bench.h"

#define PROCESSORS	4
#define SLICE_MS	20
#define SLICES		25
/* Turns between two looks at whether the slice is over */
#define STRIDE		64

static struct {
	struct task_struct *thread;
	struct pta_client *client;
	u64 turns;
} player[PROCESSORS];

static atomic_t word ____cacheline_aligned_in_smp;
static bool ours ____cacheline_aligned_in_smp;
static bool begun, over;
static atomic_t present;

static void play_bare(void)
{
	for (unsigned int i = 0; i < STRIDE; i++)
		if (!atomic_cmpxchg_acquire(&word, 0, 1))
			atomic_cmpxchg_release(&word, 1, 0);
}

static void play_ours(struct pta_client *client)
{
	for (unsigned int i = 0; i < STRIDE; i++)
		if (pta_try_allocate(client))
			pta_free(client);
}

static int play(void *data)
{
	unsigned int me = (uintptr_t)data;
	u64 turns = 0;

	atomic_inc(&present);
	while (!READ_ONCE(begun))
		schedule_timeout_interruptible(1);
	do {
		if (ours)
			play_ours(player[me].client);
		else
			play_bare();
		turns += STRIDE;
		cond_resched();
	} while (!READ_ONCE(over));
	player[me].turns = turns;
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

/* Has as many players as there can be, up to so many, come to the start. */
static int gather(unsigned int processors, unsigned int *players)
{
	unsigned int cpu;

	atomic_set(&present, 0);
	for_each_online_cpu(cpu) {
		struct task_struct *thread;

		if (*players == processors)
			break;
		thread = kthread_create(play, (void *)(uintptr_t)*players, "pta_bench");
		if (IS_ERR(thread))
			return PTR_ERR(thread);
		kthread_bind(thread, cpu);
		player[(*players)++].thread = thread;
		wake_up_process(thread);
	}
	return 0;
}

/* How many picoseconds does a turn take, of any processor? */
static int slice(unsigned int processors, bool of_ours, u64 *took)
{
	unsigned int players = 0;
	u64 turns = 0;
	ktime_t begin;
	int err;

	ours = of_ours;
	over = false;
	begun = false;
	err = gather(processors, &players);
	/* One that is stopped before it ran would not run. */
	while (atomic_read(&present) < players)
		schedule_timeout_uninterruptible(1);

	begin = ktime_get();
	WRITE_ONCE(begun, true);
	msleep(SLICE_MS);
	WRITE_ONCE(over, true);
	*took = 1000 * ktime_to_ns(ktime_sub(ktime_get(), begin));
	while (players--) {
		kthread_stop(player[players].thread);
		turns += player[players].turns;
	}
	if (!err)
		*took = div64_u64(*took, turns);
	return err;
}

static int compare(struct seq_file *m, unsigned int processors)
{
	u64 ratios[SLICES], took_bare, took_ours;
	int err;

	for (unsigned int i = 0; i < SLICES; i++) {
		err = slice(processors, false, &took_bare) ?:
		      slice(processors, true, &took_ours);
		if (err)
			return err;
		ratios[i] = div64_u64(100 * took_ours, took_bare ?: 1);
	}
	took_ours = bench_median(ratios, SLICES);
	seq_printf(m, "contention %u %llu.%02llu %llu.%02llu %llu.%02llu\n", processors,
		   took_ours / 100, took_ours % 100,
		   ratios[SLICES / 4] / 100, ratios[SLICES / 4] % 100,
		   ratios[SLICES * 3 / 4] / 100, ratios[SLICES * 3 / 4] % 100);
	return 0;
}

/*
 * Prints, for so many processors, how much longer a turn takes with the port than
 * with the word: the median, and between what the middle half lies.
 */
int bench_contention(struct seq_file *m)
{
	unsigned int clients, n;
	int err = 0;

	for (clients = 0; clients < PROCESSORS; clients++) {
		struct pta_client *client = pta_open(bench_port->number, "pta_bench");

		if (IS_ERR(client)) {
			err = PTR_ERR(client);
			break;
		}
		player[clients].client = client;
	}
	if (!err)
		err = bench_await_free(player[0].client);
	for (n = 1; !err && n <= min(num_online_cpus(), PROCESSORS); n *= 2)
		err = compare(m, n);
	while (clients--)
		pta_close(player[clients].client);
	return err;
}
