// SPDX-License-Identifier: GPL-2.0
/*
 * Somebody calls the worker, and is stopped on his processor at the moment when the
 * work item is marked as queued but is not queued yet. Another client that is closed
 * then has its own request to be told of, and finds the worker called already.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/kprobes.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/preempt.h>
#include <linux/sched.h>

#include "pta_test.h"

/* How long it is stopped if the close waits for it, which it should */
#define STOPPED_MS	500

struct late_request {
	struct pta_request request;
	atomic_t answered;
};

static struct task_struct *caller;
static struct pta_client *owner, *waiter, *closed;
static struct late_request waits, is_closed;
static bool stopped, over;

static void done(struct pta_request *request, int status)
{
	struct late_request *late = container_of(request, struct late_request, request);

	atomic_inc(&late->answered);
}

static int __kprobes stop(struct kprobe *p, struct pt_regs *regs)
{
	if (current != READ_ONCE(caller) || READ_ONCE(stopped))
		return 0;
	WRITE_ONCE(stopped, true);
	/* Of the clocks, the one that is read in every context */
	for (int us = 0; us < STOPPED_MS * USEC_PER_MSEC && !READ_ONCE(over); us += 5)
		udelay(5);
	return 0;
}

static struct kprobe probe;

static int call(void *data)
{
	pta_cancel(waiter, &waits.request);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

/* With what they still wait for */
static void close_all(void)
{
	struct pta_client **all[] = { &closed, &waiter, &owner };

	for (int i = 0; i < ARRAY_SIZE(all); i++) {
		if (!IS_ERR_OR_NULL(*all[i]))
			pta_close(*all[i]);
		*all[i] = NULL;
	}
}

/* On one processor, with the caller on another. -EAGAIN: it was not stopped. */
static int close_meanwhile(void)
{
	int cpu = cpumask_any_but(cpu_online_mask, smp_processor_id());
	ktime_t end = ktime_add_ms(ktime_get(), 10 * STOPPED_MS);
	int result = -EAGAIN;
	struct task_struct *task;

	task = kthread_create(call, NULL, "pta_late");
	if (IS_ERR(task))
		return PTR_ERR(task);
	kthread_bind(task, cpu);
	WRITE_ONCE(caller, task);
	wake_up_process(task);
	while (!READ_ONCE(stopped) && ktime_before(ktime_get(), end))
		cond_resched();

	if (READ_ONCE(stopped)) {
		pta_close(closed);
		closed = NULL;
		result = atomic_read(&is_closed.answered);
	}
	WRITE_ONCE(over, true);
	kthread_stop(task);
	return result;
}

static int queue_both(unsigned int number)
{
	owner = pta_open(number, "pta_test late");
	waiter = pta_open(number, "pta_test late");
	closed = pta_open(number, "pta_test late");
	if (IS_ERR(owner) || IS_ERR(waiter) || IS_ERR(closed))
		return -ENODEV;
	waits = (struct late_request) { .request.done = done };
	is_closed = (struct late_request) { .request.done = done };
	return pta_allocate(owner, 10 * HZ) ?:
	       pta_allocate_async(waiter, &waits.request) ?:
	       pta_allocate_async(closed, &is_closed.request);
}

/*
 * late PORT; result: how often the request of a client that was closed was answered
 * when the close returned
 */
int pta_test_late(int argc, char **argv)
{
	unsigned int number;
	int result;

	if (kstrtouint(argv[1], 0, &number))
		return -EBADRQC;
	if (num_online_cpus() < 2)
		return -EOPNOTSUPP;
	caller = NULL;
	stopped = false;
	over = false;
	probe = (struct kprobe) { .symbol_name = "__queue_work", .pre_handler = stop };
	result = register_kprobe(&probe);
	if (result)
		return -EOPNOTSUPP;
	result = queue_both(number);
	if (!result) {
		migrate_disable();
		result = close_meanwhile();
		migrate_enable();
	}
	unregister_kprobe(&probe);
	close_all();
	return result;
}
