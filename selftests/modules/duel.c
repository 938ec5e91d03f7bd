// SPDX-License-Identifier: GPL-2.0
/*
 * A cancel and a grant that come together. In each round a client waits for the
 * port that another one owns. On one processor the owner frees it; on another
 * one the waiter's request is cancelled at about the same time. There must be
 * one answer, and it must agree with what the cancel returned.
 *
 * The cancel comes later when it won the last round, and earlier when it lost, if
 * need be before the free, so that the rounds are close and each side wins, on a
 * machine of whatever speed. They play until each has won often enough.
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/seq_buf.h>

#include "pta_test.h"

/* These end what hangs, and nothing else. */
#define ANSWER_MS	30000
#define DUEL_MS		600000

#define STEP_NS		500
#define MOST_NS		200000000

static struct {
	struct pta_client *owner, *waiter;
	struct pta_request request;
	struct completion answered;
	atomic_t answers;
	int status;
	atomic_t started;	/* rounds that the owner has begun */
	atomic_t cancelled;	/* rounds in which the cancel has returned */
	bool won;		/* what it returned */
	s64 delay_ns;	/* from the free to the cancel */
	unsigned int wins;	/* of each side, to end it */
	unsigned int rounds;
	unsigned int cancels;	/* rounds that the cancel won */
	unsigned int wrong;
	bool stop;
} duel;

static void done(struct pta_request *request, int status)
{
	duel.status = status;
	atomic_inc(&duel.answers);
	complete(&duel.answered);
}

static void spin(s64 ns)
{
	ktime_t until = ktime_add_ns(ktime_get(), ns);

	while (ktime_before(ktime_get(), until)) {
		cond_resched();
		cpu_relax();
	}
}

static int cancel_rounds(void *unused)
{
	for (int round = 1;; round++) {
		while (atomic_read_acquire(&duel.started) < round) {
			if (READ_ONCE(duel.stop))
				return 0;
			cond_resched();
			cpu_relax();
		}
		spin(max(duel.delay_ns, 0));
		duel.won = pta_cancel(duel.waiter, &duel.request);
		atomic_set_release(&duel.cancelled, round);
	}
}

static bool port_comes_back(void)
{
	ktime_t limit = ktime_add_ms(ktime_get(), ANSWER_MS);

	/* After a cancel a worker still has the port for a moment. */
	while (!pta_try_allocate(duel.owner)) {
		if (ktime_after(ktime_get(), limit))
			return false;
		cond_resched();
	}
	return true;
}

/* Farther with each round, for as long as the same side wins. */
static void adapt(void)
{
	s64 step = STEP_NS + abs(duel.delay_ns) / 8;

	duel.delay_ns += duel.won ? step : -step;
	duel.delay_ns = clamp(duel.delay_ns, -MOST_NS, MOST_NS);
}

/* One round; the owner owns the port before and after it. */
static int play_round(int round)
{
	int err;

	reinit_completion(&duel.answered);
	err = pta_allocate_async(duel.waiter, &duel.request);
	if (err)
		return err;

	atomic_set_release(&duel.started, round);
	spin(max(-duel.delay_ns, 0));
	err = pta_free(duel.owner);
	if (err)
		return err;
	if (!wait_for_completion_timeout(&duel.answered,
					 msecs_to_jiffies(ANSWER_MS)))
		return -ETIME;
	while (atomic_read_acquire(&duel.cancelled) < round)
		cond_resched();

	if (atomic_read(&duel.answers) != round ||
	    duel.status != (duel.won ? -ECANCELED : 0))
		duel.wrong++;
	/* Only who was granted the port owns it. */
	if (pta_free(duel.waiter) != (duel.won ? -EPERM : 0))
		duel.wrong++;
	duel.rounds++;
	duel.cancels += duel.won;
	adapt();
	return port_comes_back() ? 0 : -ETIME;
}

static bool is_over(void)
{
	return min(duel.cancels, duel.rounds - duel.cancels) >= duel.wins;
}

static int play(void)
{
	unsigned int here = raw_smp_processor_id(), other;
	ktime_t limit = ktime_add_ms(ktime_get(), DUEL_MS);
	struct task_struct *canceller;
	int err = 0;

	other = cpumask_any_but(cpu_online_mask, here);
	if (other >= nr_cpu_ids)
		return -EOPNOTSUPP;
	canceller = kthread_create_on_cpu(cancel_rounds, NULL, other,
					  "pta_test_duel/%u");
	if (IS_ERR(canceller))
		return PTR_ERR(canceller);
	get_task_struct(canceller);
	wake_up_process(canceller);

	if (!port_comes_back())
		err = -ETIME;
	for (int round = 1; !err && !is_over(); round++) {
		err = play_round(round);
		if (!err && ktime_after(ktime_get(), limit))
			err = -ETIME;
	}

	WRITE_ONCE(duel.stop, true);
	kthread_stop_put(canceller);
	return err;
}

/*
 * Result: how often an answer and a cancel disagreed, or an answer came twice or
 * not at all. Output: rounds, and how many of them the cancel won.
 */
int pta_test_duel(int argc, char **argv)
{
	unsigned int number;
	int err = 0;

	memset(&duel, 0, sizeof(duel));
	if (kstrtouint(argv[1], 0, &number) ||
	    kstrtouint(argv[2], 0, &duel.wins))
		return -EBADRQC;
	init_completion(&duel.answered);
	duel.request.done = done;

	duel.owner = pta_open(number, "pta_test owner");
	if (IS_ERR(duel.owner))
		return PTR_ERR(duel.owner);
	duel.waiter = pta_open(number, "pta_test waiter");
	if (IS_ERR(duel.waiter)) {
		err = PTR_ERR(duel.waiter);
	} else {
		cpus_read_lock();
		err = play();
		cpus_read_unlock();
		pta_close(duel.waiter);
	}
	pta_close(duel.owner);
	if (err)
		return err;

	/* Nothing came after the last round either. */
	if (atomic_read(&duel.answers) != duel.rounds)
		duel.wrong++;
	seq_buf_printf(&pta_test_output, "%u %u", duel.rounds, duel.cancels);
	return duel.wrong;
}
