// SPDX-License-Identifier: GPL-2.0
/*
 * A task that waits for the port is killed, and stopped on its processor when it has
 * seen that and is still in line. It is granted the port then, and has to take it.
 *
 * Or it is stopped when it has seen that it has nothing yet, and is about to sleep: if
 * it is granted the port then, it must not.
 */
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/kprobes.h>
#include <linux/kthread.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seq_buf.h>
#include <linux/string.h>

#include "pta_test.h"

/* Ends what hangs, and nothing else. */
#define STOPPED_US	2000000
#define WAIT_MS		10000

static struct task_struct *task;
static struct pta_client *owner, *waiter, *other;
static struct completion ended;
static bool stopped, over;
static int result;

static void __kprobes stop(void)
{
	WRITE_ONCE(stopped, true);
	/* Of the clocks, the one that is read in every context */
	for (int us = 0; us < STOPPED_US && !READ_ONCE(over); us += 5)
		udelay(5);
	WRITE_ONCE(stopped, false);
}

/* The task sleeps there, and comes back with an error if it was killed. */
static int __kprobes stop_killed(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	if (current == READ_ONCE(task) && (long)regs_return_value(regs) < 0)
		stop();
	return 0;
}

/* The task looks there whether its answer has come. */
static int __kprobes stop_drowsy(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	/* Of a bool, the other bits say nothing. */
	if (current == READ_ONCE(task) && !(u8)regs_return_value(regs))
		stop();
	return 0;
}

static struct kretprobe probe;

static int wait_for_port(void *unused)
{
	allow_kernel_signal(SIGKILL);
	result = pta_allocate(waiter, MAX_SCHEDULE_TIMEOUT);
	complete(&ended);
	while (!kthread_should_stop())
		schedule_timeout_uninterruptible(1);
	return 0;
}

static bool await_waiters(unsigned int waiters)
{
	for (int ms = 0; ms < WAIT_MS; ms++) {
		if (pta_query_waiters(owner) == waiters)
			return true;
		usleep_range(1000, 2000);
	}
	return false;
}

static bool await_stop(void)
{
	for (int ms = 0; ms < WAIT_MS && !READ_ONCE(stopped); ms++)
		usleep_range(1000, 2000);
	return READ_ONCE(stopped);
}

/* Whoever closes waits for the worker. */
static void flush_worker(unsigned int number)
{
	struct pta_client *client = pta_open(number, "pta_test killed");

	if (!IS_ERR(client))
		pta_close(client);
}

/*
 * On one processor, with the task on another. -EAGAIN: it was not stopped in time,
 * -ETIME: it slept on.
 */
static int grant_meanwhile(unsigned int number, bool is_killed)
{
	int cpu = cpumask_any_but(cpu_online_mask, smp_processor_id());
	struct task_struct *new = kthread_create(wait_for_port, NULL, "pta_killed");
	bool in_time, has_ended;

	if (IS_ERR(new))
		return PTR_ERR(new);
	kthread_bind(new, cpu);
	WRITE_ONCE(task, new);
	wake_up_process(new);

	in_time = await_waiters(1);
	if (is_killed)
		send_sig(SIGKILL, new, 1);
	in_time = in_time && await_stop();
	pta_free(owner);
	/* The worker hands it over, on this processor. */
	in_time = in_time && await_waiters(0);
	flush_worker(number);
	in_time = in_time && READ_ONCE(stopped);
	WRITE_ONCE(over, true);
	has_ended = wait_for_completion_timeout(&ended, msecs_to_jiffies(WAIT_MS));
	if (!has_ended) {
		send_sig(SIGKILL, new, 1);
		wait_for_completion(&ended);
	}
	kthread_stop(new);
	if (!in_time)
		return -EAGAIN;
	return has_ended ? 0 : -ETIME;
}

static void close_all(void)
{
	struct pta_client **all[] = { &other, &waiter, &owner };

	for (int i = 0; i < ARRAY_SIZE(all); i++) {
		if (!IS_ERR_OR_NULL(*all[i]))
			pta_close(*all[i]);
		*all[i] = NULL;
	}
}

/*
 * killed PORT, drowsy PORT; output: what the task was told, what a free by its client
 * returned, and an allocation by another one after that
 */
int pta_test_killed(int argc, char **argv)
{
	bool is_killed = !strcmp(argv[0], "killed");
	unsigned int number;
	int err;

	if (kstrtouint(argv[1], 0, &number))
		return -EBADRQC;
	if (num_online_cpus() < 2)
		return -EOPNOTSUPP;
	task = NULL;
	stopped = false;
	over = false;
	init_completion(&ended);
	probe = (struct kretprobe) {
		.kp.symbol_name = is_killed ? "pta_sleep" : "completion_done",
		.handler = is_killed ? stop_killed : stop_drowsy,
	};
	if (register_kretprobe(&probe))
		return -EOPNOTSUPP;

	owner = pta_open(number, "pta_test killed");
	waiter = pta_open(number, "pta_test killed");
	other = pta_open(number, "pta_test killed");
	err = -ENODEV;
	if (!IS_ERR(owner) && !IS_ERR(waiter) && !IS_ERR(other))
		err = pta_allocate(owner, 10 * HZ);
	if (!err) {
		migrate_disable();
		err = grant_meanwhile(number, is_killed);
		migrate_enable();
		/* Not as the result: the shell takes EINTR for its own, and tries again. */
		seq_buf_printf(&pta_test_output, "%d", result);
		seq_buf_printf(&pta_test_output, " %d", pta_free(waiter));
		seq_buf_printf(&pta_test_output, " %d", pta_allocate(other, 10 * HZ));
	}
	unregister_kretprobe(&probe);
	close_all();
	return err;
}
