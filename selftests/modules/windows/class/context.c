// SPDX-License-Identifier: GPL-2.0
/*
 * Contexts and threads for the Windows half.
 */
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>

#include "class.h"

const char *class_context(void)
{
	if (in_hardirq())
		return "hardirq";
	if (in_softirq())
		return "softirq";
	return irqs_disabled() ? "irqsoff" : "process";
}

static struct {
	void (*function)(void *argument);
	void *argument;
	struct completion done;
} call;

static enum hrtimer_restart timer(struct hrtimer *timer)
{
	call.function(call.argument);
	complete(&call.done);
	return HRTIMER_NORESTART;
}

void class_in_context(const char *context, void (*function)(void *argument), void *argument)
{
	enum hrtimer_mode mode = HRTIMER_MODE_REL_SOFT;
	struct hrtimer hrtimer;

	if (!strcmp(context, "hardirq")) {
		mode = HRTIMER_MODE_REL_HARD;
	} else if (strcmp(context, "softirq")) {
		function(argument);
		return;
	}
	call.function = function;
	call.argument = argument;
	init_completion(&call.done);
	hrtimer_setup_on_stack(&hrtimer, timer, CLOCK_MONOTONIC, mode);
	hrtimer_start(&hrtimer, 0, mode);
	wait_for_completion(&call.done);
	hrtimer_cancel(&hrtimer);
	destroy_hrtimer_on_stack(&hrtimer);
}

static int call_here(void *unused)
{
	call.function(call.argument);
	return 0;
}

int class_on_all_processors(void (*function)(void *argument), void *argument)
{
	unsigned int cpu;
	int err = 0;

	call.function = function;
	call.argument = argument;
	cpus_read_lock();
	for_each_online_cpu(cpu)
		err = err ?: smp_call_on_cpu(cpu, call_here, NULL, false);
	cpus_read_unlock();
	return err;
}

struct thread {
	void (*function)(void *argument);
	void *argument;
	struct completion done;
};

static int thread_main(void *data)
{
	struct thread *thread = data;

	thread->function(thread->argument);
	/* The module may go as soon as it is complete. */
	kthread_complete_and_exit(&thread->done, 0);
}

void *class_start(void (*function)(void *argument), void *argument)
{
	struct thread *thread = kzalloc_obj(*thread);
	struct task_struct *task;

	if (!thread)
		return NULL;
	init_completion(&thread->done);
	thread->function = function;
	thread->argument = argument;
	task = kthread_run(thread_main, thread, "pta_class");
	if (IS_ERR(task)) {
		kfree(thread);
		return NULL;
	}
	return thread;
}

void class_join(void *data)
{
	struct thread *thread = data;

	wait_for_completion(&thread->done);
	kfree(thread);
}

unsigned int class_random(unsigned int below)
{
	return get_random_u32_below(below);
}
