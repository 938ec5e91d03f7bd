// SPDX-License-Identifier: GPL-2.0
/*
 * Test module of the Windows interface, the Linux half: a script writes the name of a
 * test to /sys/kernel/debug/pta_windows/test, and reads there what it returned: "ok",
 * or what was wrong. Before that, it may write the number of the port whose interrupt
 * is to be used to "port".
 */
#include <linux/completion.h>
#include <linux/debugfs.h>
#include <linux/hrtimer.h>
#include <linux/io.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/parport.h>
#include <linux/parport_try_alloc.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>

#include "harness.h"

/* nInit and nSelectIn as always; the interrupt on */
#define CONTROL_PULSE	0x1c

static u32 port;

/* --- contexts ---------------------------------------------------------------------- */

struct thread {
	struct task_struct *task;
	struct completion done;
	void (*routine)(void *context);
	void *context;
};

static int thread_main(void *data)
{
	struct thread *thread = data;

	thread->routine(thread->context);
	/* The module may go as soon as it is complete. */
	kthread_complete_and_exit(&thread->done, 0);
}

void *harness_start(void (*routine)(void *context), void *context)
{
	struct thread *thread = kzalloc_obj(*thread);

	if (!thread)
		return NULL;
	init_completion(&thread->done);
	thread->routine = routine;
	thread->context = context;
	thread->task = kthread_create(thread_main, thread, "pta_windows");
	if (IS_ERR(thread->task)) {
		kfree(thread);
		return NULL;
	}
	/* Whether it waits may be asked when it is gone. */
	get_task_struct(thread->task);
	wake_up_process(thread->task);
	return thread;
}

/* Of the sleeps here only this one is killable, and the thread is in the list by then. */
int harness_waits(void *data)
{
	struct thread *thread = data;

	return READ_ONCE(thread->task->__state) & TASK_WAKEKILL;
}

void harness_join(void *data)
{
	struct thread *thread = data;

	wait_for_completion(&thread->done);
	put_task_struct(thread->task);
	kfree(thread);
}

static struct {
	void (*routine)(void *context);
	void *context;
	struct completion done;
} call;

static enum hrtimer_restart hard_timer(struct hrtimer *timer)
{
	call.routine(call.context);
	complete(&call.done);
	return HRTIMER_NORESTART;
}

void harness_in_hardirq(void (*routine)(void *context), void *context)
{
	struct hrtimer timer;

	call.routine = routine;
	call.context = context;
	init_completion(&call.done);
	hrtimer_setup_on_stack(&timer, hard_timer, CLOCK_MONOTONIC,
			       HRTIMER_MODE_REL_HARD);
	hrtimer_start(&timer, 0, HRTIMER_MODE_REL_HARD);
	wait_for_completion(&call.done);
	hrtimer_cancel(&timer);
	destroy_hrtimer_on_stack(&timer);
}

/* Once: other interrupts may come that nobody asked for. */
static bool isr(void *context)
{
	struct pta_client *client = context;

	parport_read_status(pta_parport(client));
	if (call.routine)
		call.routine(call.context);
	call.routine = NULL;
	complete(&call.done);
	return true;
}

int harness_in_isr(void (*routine)(void *context), void *context)
{
	struct pta_client *client = pta_open(port, "pta_windows");
	struct pta_interrupt_service service = { .isr = isr, .context = client };
	struct pta_port_info info;
	int err;

	if (IS_ERR(client))
		return PTR_ERR(client);
	call.routine = routine;
	call.context = context;
	init_completion(&call.done);
	err = pta_get_port_info(client, &info);
	if (!err)
		err = pta_connect_interrupt(client, &service);
	if (!err) {
		outb(CONTROL_PULSE, info.base + 2);
		if (!wait_for_completion_timeout(&call.done, 30 * HZ))
			err = -ETIME;
		pta_disconnect_interrupt(client, &service);
	}
	pta_close(client);
	return err;
}

long long harness_ms(void)
{
	return ktime_to_ms(ktime_get());
}

long long harness_seconds(void)
{
	return ktime_divns(ktime_get_real(), NSEC_PER_SEC);
}

/* --- tests by name ------------------------------------------------------------------ */

#define TEST(test) { #test, test }

static const struct {
	const char *name;
	pta_windows_test *test;
} tests[] = {
	TEST(notification_event),
	TEST(synchronization_event),
	TEST(set_event_wakes_all),
	TEST(set_event_wakes_one),
	TEST(relative_timeout),
	TEST(absolute_timeout),
	TEST(delay),
	TEST(clocks),
	TEST(event_set_by_dpc),
	TEST(wait_to_be_killed),
	TEST(semaphore),
	TEST(fast_mutex),
	TEST(dpc_arguments),
	TEST(dpc_inserted_twice),
	TEST(dpc_removed),
	TEST(dpc_order),
	TEST(dpc_inserts_itself),
	TEST(dpc_from_hardirq),
	TEST(dpc_from_isr),
	TEST(flush_waits_for_all_dpcs),
	TEST(remove_waits_for_running_dpc),
	TEST(timer_is_waited_for),
	TEST(synchronization_timer),
	TEST(absolute_timer),
	TEST(timer_dpc),
	TEST(timer_cancelled),
	TEST(timer_set_again),
	TEST(periodic_timer),
	TEST(timer_cancelled_while_it_expires),
	TEST(irqls),
	TEST(irql_in_isr),
	TEST(lock_excludes_dpc),
	TEST(pool_under_lock),
	TEST(interlocked_lists),
	TEST(interlocked),
	TEST(lists),
	TEST(pool),
	TEST(blocks),
	TEST(strings),
	TEST(string_functions),
	TEST(guids),
	TEST(device_life),
	TEST(device_dpc),
	TEST(error_log),
	TEST(irp_life),
	TEST(major_functions),
	TEST(irp_passes_two_drivers),
	TEST(completion_conditions),
	TEST(more_processing_required),
	TEST(request_buffers),
	TEST(request_that_fails),
	TEST(request_that_pends),
	TEST(cancel_before_and_after),
	TEST(cancel_races_with_completion),
	TEST(wait_for_killed_request),
	TEST(debug_print),
};

static DEFINE_MUTEX(test_lock);
static const char *result = "";

static ssize_t test_write(struct file *file, const char __user *buf, size_t count,
			  loff_t *ppos)
{
	char name[64];

	if (count >= sizeof(name))
		return -EINVAL;
	if (copy_from_user(name, buf, count))
		return -EFAULT;
	name[count] = '\0';
	strim(name);

	guard(mutex)(&test_lock);
	result = "no such test";
	for (int i = 0; i < ARRAY_SIZE(tests); i++)
		if (!strcmp(name, tests[i].name))
			result = tests[i].test() ?: "ok";
	return count;
}

static int test_show(struct seq_file *m, void *v)
{
	guard(mutex)(&test_lock);
	seq_printf(m, "%s\n", result);
	return 0;
}

static int test_open(struct inode *inode, struct file *file)
{
	return single_open(file, test_show, NULL);
}

static const struct file_operations test_fops = {
	.owner = THIS_MODULE,
	.open = test_open,
	.read = seq_read,
	.write = test_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static struct dentry *directory;

static int __init pta_windows_init(void)
{
	directory = debugfs_create_dir("pta_windows", NULL);
	if (IS_ERR(directory))
		return PTR_ERR(directory);
	debugfs_create_file("test", 0600, directory, NULL, &test_fops);
	debugfs_create_u32("port", 0600, directory, &port);
	return 0;
}

static void __exit pta_windows_exit(void)
{
	debugfs_remove(directory);
}

module_init(pta_windows_init);
module_exit(pta_windows_exit);

MODULE_DESCRIPTION("Tests of the Windows interface of parport_try_alloc");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("PARPORT_TRY_ALLOC");
