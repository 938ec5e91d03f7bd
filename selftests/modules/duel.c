// SPDX-License-Identifier: GPL-2.0
/*
 * A cancel and a grant that come together. In each round a client waits for the
 * port that another one owns. On one processor the owner frees it; on another
 * one the waiter's request is cancelled at about the same time. There must be
 * one answer, and it must agree with what the cancel returned.
 *
 * The cancel comes a little later when it won the last round, and a little
 * earlier when it lost, so that the rounds are close.
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/seq_buf.h>

#include "pta_test.h"

#define ANSWER_MS	10000
#define MOST_NS		2000000

static struct {
	struct pta_client *owner, *waiter;
	struct pta_request request;
	struct completion answered;
	atomic_t answers;
	int status;
	atomic_t started;	/* rounds that the owner has begun */
	atomic_t cancelled;	/* rounds in which the cancel has returned */
	bool won;		/* what it returned */
	s64 delay_ns;
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

static int cancel_rounds(void *unused)
{
	for (int round = 1; round <= duel.rounds; round++) {
		ktime_t when;

		while (atomic_read_acquire(&duel.started) < round) {
			if (READ_ONCE(duel.stop))
				return 0;
			cond_resched();
			cpu_relax();
		}
		when = ktime_add_ns(ktime_get(), duel.delay_ns);
		while (ktime_before(ktime_get(), when))
			cpu_relax();
		duel.won = pta_cancel(duel.waiter, &duel.request);
		atomic_set_release(&duel.cancelled, round);
	}
	return 0;
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

/* One round; the owner owns the port before and after it. */
static int play_round(int round)
{
	int err;

	reinit_completion(&duel.answered);
	err = pta_allocate_async(duel.waiter, &duel.request);
	if (err)
		return err;

	atomic_set_release(&duel.started, round);
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
	if (duel.won) {
		duel.cancels++;
		duel.delay_ns = min(duel.delay_ns + 500, MOST_NS);
	} else {
		duel.delay_ns = max(duel.delay_ns - 500, 0);
	}
	return port_comes_back() ? 0 : -ETIME;
}

static int play(void)
{
	unsigned int here = raw_smp_processor_id(), other;
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
	for (int round = 1; !err && round <= duel.rounds; round++)
		err = play_round(round);

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
	    kstrtouint(argv[2], 0, &duel.rounds))
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
